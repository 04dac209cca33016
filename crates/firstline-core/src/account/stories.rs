//! What a support lead reads of a ticket's promises.

use firstline_sla::Tongue;

use crate::id::{LineId, RoleId};
use crate::priority::Priority;
use crate::rulebook::LadderAction;
use crate::ticket::stories::script::account_after;

#[test]
fn whatever_a_step_does_is_told_in_the_tongue_of_the_account() {
    use LadderAction::{Escalate, HandOverTo, HandOverToNext, Notify, Page, RaisePriority};
    let notify = |role| Notify(RoleId::from(role));
    let raise = |to| RaisePriority(Some(to));
    let told = [
        (notify("assignee"), "notify assignee", "уведомить исполнителя"),
        (notify("line"), "notify line", "уведомить линию поддержки"),
        (notify("requester"), "notify requester", "уведомить заявителя"),
        (notify("lead"), "notify lead", "уведомить роль «lead»"),
        (RaisePriority(None), "raise the priority", "повысить приоритет"),
        (raise(Priority::Low), "raise the priority to low", "повысить приоритет до низкого"),
        (raise(Priority::Medium), "raise the priority to medium", "повысить приоритет до среднего"),
        (raise(Priority::High), "raise the priority to high", "повысить приоритет до высокого"),
        (
            raise(Priority::Critical),
            "raise the priority to critical",
            "повысить приоритет до критического",
        ),
        (HandOverToNext, "hand over to the next line", "передать на следующую линию"),
        (HandOverTo(LineId::from("L2")), "hand over to L2", "передать на линию «L2»"),
        (Page("urgent".into()), "page by urgent", "вызвать дежурного по плану «urgent»"),
        (Escalate, "escalate to the manager", "сообщить руководителю"),
    ];
    for (action, english, russian) in told {
        assert_eq!(action.text(Tongue::English), english);
        assert_eq!(action.text(Tongue::Russian), russian);
    }
}

#[test]
fn the_account_of_a_promise_by_word_of_mouth_says_what_was_promised() {
    let script = "mon 09:00 customer opens
                  mon 09:30 agent takes
                  mon 10:00 agent promises 1h";
    let account = account_after(&[], script, "promise.1");
    let lines =
        |tongue| account.text(tongue).lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(Tongue::English)[1], "What was promised: a call");
    assert_eq!(lines(Tongue::Russian)[1], "Обещано: a call");
    assert!(account_after(&[], script, "resolution").promised.is_none());
}
