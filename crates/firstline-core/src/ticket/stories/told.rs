//! What the customer is told at each turn: cost, what is being done, what comes next, when it is
//! done.

use super::script::{brief_after, moment};
use crate::*;

#[track_caller]
fn check(script: &str, english: &str, russian: &str) {
    assert_eq!(brief_after(script, Tongue::English), english);
    assert_eq!(brief_after(script, Tongue::Russian), russian);
}

#[test]
fn a_new_request_is_told_when_it_is_answered_and_done() {
    check(
        "mon 09:00 customer opens",
        "Nothing is charged so far. Your request has arrived. \
         You get an answer by Mon 2 Mar 2026 13:00. It is to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Ваше обращение получено. \
         Ответ будет до пн 2 мар 2026 13:00. Будет готово до вт 3 мар 2026 17:00.",
    );
}

#[test]
fn while_the_customer_is_asked_the_time_stands_still() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent takes
         mon 11:00 agent does {\"log_work\": {\"amount\": 20}}
         mon 11:00 agent says pending",
        "20 min of work so far, nothing is charged. We wait for your answer. \
         We go on when you have answered. The time stands still until then.",
        "Затрачено 20 мин, платить не за что. Мы ждём вашего ответа. \
         Мы продолжим после вашего ответа. До тех пор срок не идёт.",
    );
}

#[test]
fn what_is_promised_comes_before_the_answer_that_is_due_later() {
    check(
        "mon 09:00 customer opens
         mon 09:30 agent takes
         mon 10:00 agent promises 1h",
        "Nothing is charged so far. Somebody is working on it. \
         What we promised comes by Mon 2 Mar 2026 11:00. It is to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Над обращением работают. \
         Обещанное будет сделано до пн 2 мар 2026 11:00. Будет готово до вт 3 мар 2026 17:00.",
    );
}

#[test]
fn who_has_waited_too_long_is_told_so() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent says
         mon 10:30 agent holds vendor
         wed 09:00 wake",
        "Nothing is charged so far. We wait for the vendor. We go on as soon as that is there. \
         It is late: it was to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Мы ждём ответа поставщика. Мы продолжим, как только дождёмся. \
         Срок прошёл: ждали до вт 3 мар 2026 17:00.",
    );
}

#[test]
fn what_is_late_stays_late_while_the_time_stands_still() {
    check(
        "mon 09:00 customer opens
         mon 10:00 agent takes
         wed 09:00 agent says pending",
        "Nothing is charged so far. We wait for your answer. We go on when you have answered. \
         It is late: it was to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Мы ждём вашего ответа. Мы продолжим после вашего ответа. \
         Срок прошёл: ждали до вт 3 мар 2026 17:00.",
    );
}

#[test]
fn what_is_late_is_not_promised_by_a_time_that_is_past() {
    check(
        "mon 09:00 customer opens
         mon 09:30 agent takes
         tue 09:00 agent notes",
        "Nothing is charged so far. It waits for its turn. \
         Our answer is late: it was to come by Mon 2 Mar 2026 13:00. It comes before everything else. \
         It is to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Обращение в очереди. \
         Наш ответ запаздывает: он ожидался до пн 2 мар 2026 13:00. Займёмся этим в первую очередь. \
         Будет готово до вт 3 мар 2026 17:00.",
    );
    check(
        "mon 09:00 customer opens
         mon 09:30 agent says
         mon 10:00 agent promises 1h
         mon 12:00 agent notes",
        "Nothing is charged so far. It waits for its turn. \
         What we promised is late: it was to come by Mon 2 Mar 2026 11:00. It comes before everything else. \
         It is to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Обращение в очереди. \
         Обещанное запаздывает: срок был до пн 2 мар 2026 11:00. Займёмся этим в первую очередь. \
         Будет готово до вт 3 мар 2026 17:00.",
    );
}

#[test]
fn what_somebody_is_to_sign_comes_first_and_what_is_done_is_to_be_confirmed() {
    check(
        "mon 09:00 agent opens
         mon 10:00 agent does {\"approval\": {\"ask\": {\"what\": \"a new printer\"}}}",
        "Nothing is charged so far. Your request has arrived. \
         A signature is needed: \"a new printer\". It is to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Ваше обращение получено. \
         Нужна подпись: «a new printer». Будет готово до вт 3 мар 2026 17:00.",
    );
    // What another agent is to sign is the desk's own affair.
    check(
        "mon 09:00 agent opens
         mon 10:00 agent does {\"approval\": {\"ask\": {\"what\": \"is Ada worth it?\", \"of\": {\"agent\": 2}}}}",
        "Nothing is charged so far. Your request has arrived. \
         The work goes on. It is to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Ваше обращение получено. \
         Работа продолжается. Будет готово до вт 3 мар 2026 17:00.",
    );
    // What is late is said, whatever else is waited for.
    check(
        "mon 09:00 customer opens
         mon 10:00 agent does {\"approval\": {\"ask\": {\"what\": \"a new printer\"}}}
         tue 09:00 agent notes",
        "Nothing is charged so far. Your request has arrived. \
         Our answer is late: it was to come by Mon 2 Mar 2026 13:00. It comes before everything else. \
         It is to be done by Tue 3 Mar 2026 17:00.",
        "Платить пока не за что. Ваше обращение получено. \
         Наш ответ запаздывает: он ожидался до пн 2 мар 2026 13:00. Займёмся этим в первую очередь. \
         Будет готово до вт 3 мар 2026 17:00.",
    );
    check(
        "mon 09:00 agent opens
         mon 10:00 agent resolved",
        "Nothing is charged so far. It is done, as we see it. Tell us if it is not. \
         No time is promised any more.",
        "Платить пока не за что. По нашим данным, вопрос решён. Сообщите нам, если это не так. \
         Срок больше не идёт.",
    );
}

#[test]
fn what_was_merged_sends_its_reader_to_where_it_goes_on() {
    let merged = "mon 09:00 customer opens
         2: mon 09:30 customer opens
         mon 10:00 agent merges into 2";
    assert_eq!(
        brief_after(merged, Tongue::English),
        "Nothing is charged so far. It goes on as part of #2. What comes next is told there. \
         No time is promised any more."
    );
}

#[test]
fn a_status_that_is_called_as_everywhere_says_nothing_more() {
    let statuses = r#"
name = "Shop"
[[lines]]
id = "L1"
[lifecycles.shop]
lines = ["L1"]
statuses = [
    { id = "new", category = "new" },
    { id = "open", category = "open", text = "On the bench" },
    { id = "pending", category = "pending" },
    { id = "on_hold", category = "on_hold" },
    { id = "resolved", category = "resolved" },
    { id = "closed", category = "closed" },
]
transitions = [
    { from = "new", to = "open" }, { from = "open", to = "pending" }, { from = "open", to = "on_hold" },
    { from = "pending", to = "open", by = "contact" }, { from = "on_hold", to = "open" },
    { from = "open", to = "resolved" }, { from = "resolved", to = "closed" },
]
"#;
    let rules =
        Rulebook::from_toml(statuses, "shop.toml").unwrap_or_else(|error| panic!("{error}"));
    let now = moment("mon", "09:00");
    let told = |ticket: &Ticket| brief(ticket, &rules, now).text(Tongue::English);
    let act =
        |ticket, action| carry_out(ticket, &action, Actor::System, &rules, moment("mon", "09:00"));
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let opened = act(None, TicketAction::Open(Box::new(request))).unwrap().ticket;
    assert!(!told(&opened).contains("status"), "{}", told(&opened));
    let begun = act(Some(opened), TicketAction::Move { to: "open".into(), hold: None });
    assert!(told(&begun.unwrap().ticket).contains("Its status is \"On the bench\"."));

    // Nor does one of the default lifecycle, of which the desk says only when it ends.
    let usual = "name = \"Desk\"\n[[lines]]\nid = \"L1\"\n\
                 [lifecycles.default]\nauto_close = { after = \"24h\" }\n";
    let usual = Rulebook::from_toml(usual, "desk.toml").unwrap();
    let request = OpenTicket::new(ContactId(1), "Printer", "It is on fire.");
    let open = TicketAction::Open(Box::new(request));
    let opened = carry_out(None, &open, Actor::System, &usual, now).unwrap().ticket;
    assert_eq!(brief(&opened, &usual, now).status, None);
}
