//! What customers are told of the fate of tickets that are not theirs, where nobody has said anything
//! that is for them and the rulebook has no words for it.

use firstline_sla::Tongue;

/// A sentence in the languages that a desk itself speaks.
#[derive(Clone, Copy)]
pub(super) struct Words {
    english: &'static str,
    russian: &'static str,
}

/// A problem is solved.
pub(super) const SOLVED: Words = Words {
    english: "What caused your request has been removed. Tell us if you still see it.",
    russian: "Причина вашего обращения устранена. Сообщите нам, если проблема осталась.",
};

/// A problem was none.
pub(super) const NO_CAUSE: Words = Words {
    english: "What we took for the cause of your request was not the cause. We are looking into it again.",
    russian: "То, что мы считали причиной вашего обращения, ею не было. Мы снова разбираемся.",
};

/// Somebody who asked the same has an answer.
pub(super) const DONE: Words = Words {
    english: "The matter that you wrote about is settled, as we see it. Tell us if it is not.",
    russian: "Вопрос, с которым вы обратились, по нашим данным, решён. Сообщите нам, если это не так.",
};

/// It was not the answer.
pub(super) const REOPENED: Words = Words {
    english: "The matter that you wrote about is being worked on again.",
    russian: "Над вопросом, с которым вы обратились, снова работают.",
};

impl Words {
    pub(super) const fn in_tongue(self, tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::Russian => self.russian,
            _ => self.english,
        }
    }
}
