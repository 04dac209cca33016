//! A ticket that was part of another one, as stupidly as possible: it reads off the other one what
//! happened since its message.

use proptest::prelude::*;

use super::Naive;
use super::agree::Life;
use super::random;
use crate::ticket::Status;

impl Naive {
    /// Takes over what happened on the other ticket since a message that was split off: waits, and an
    /// answer of a person. Gives since when the line has had both.
    pub(super) fn split_from(&mut self, old: &Self, written_at: i64) -> i64 {
        let ends = old.statuses.iter().skip(1).map(|(at, ..)| *at).chain([i64::MAX]);
        for ((from, status, hold), to) in old.statuses.iter().zip(ends) {
            if to > written_at {
                let is_wait = matches!(status, Status::Pending | Status::OnHold);
                let (status, hold) = if is_wait { (*status, *hold) } else { (Status::New, None) };
                self.statuses.push(((*from).max(written_at), status, hold));
            }
        }
        if let Some((_, at)) = old.person_answered.filter(|(_, at)| *at > written_at) {
            let answered = self.number(at);
            (self.person_answered, self.anybody_answered) = (Some(answered), Some(answered));
            self.is_replied = true;
        }
        old.arrived.1.max(written_at)
    }
}

proptest! {
    #![proptest_config(super::agree::config())]

    #[test]
    fn both_implementations_agree_on_tickets_that_are_split(
        books in random::books(),
        opening in random::opening(),
        (before, after) in (random::turns(30), random::turns(15)),
        (pick, gap) in (any::<prop::sample::Index>(), 0..9_000_i64),
    ) {
        let mut life = Life::new(books);
        life.open(opening);
        before.into_iter().for_each(|turn| life.take(turn));
        let Some(mut other) = life.split_off(pick, gap) else { return Ok(()) };
        for turn in after {
            for life in [&mut life, &mut other] {
                let story = |life: &Life, difference| format!("{difference}\n{}", life.story());
                life.wake();
                let agreed = life.compare().map_err(|difference| story(life, difference));
                prop_assert!(agreed.is_ok(), "{}", agreed.unwrap_err());
                life.take(turn.clone());
            }
        }
    }
}
