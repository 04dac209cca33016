//! The four things in English and Russian.

use firstline_sla::{Tongue, WorkTime};

use super::{At, Doing, Next, When};
use crate::id::Currency;
use crate::label::Label;
use crate::people::{Left, Unit};
use crate::ticket::HoldReason;

fn pick(tongue: Tongue, english: &str, russian: &str) -> String {
    if tongue == Tongue::Russian { russian.to_owned() } else { english.to_owned() }
}

/// A sentence that ends with a moment.
fn by(tongue: Tongue, english: &str, russian: &str, at: &At) -> String {
    format!("{} {}.", pick(tongue, english, russian), tongue.moment(&at.local))
}

/// What becomes of something that is late.
fn first(tongue: Tongue) -> String {
    pick(tongue, "It comes before everything else.", "Займёмся этим в первую очередь.")
}

pub(super) fn cost(cost: &[(Currency, u64)], minutes: u64, tongue: Tongue) -> String {
    let time = i64::try_from(minutes).unwrap_or(i64::MAX / 60_000);
    let time = tongue.time(WorkTime::from_minutes(time));
    let charged: Vec<String> =
        cost.iter().map(|(currency, minor)| money(currency, *minor, tongue)).collect();
    match (tongue, charged.is_empty(), minutes) {
        (Tongue::Russian, true, 0) => "Платить пока не за что.".to_owned(),
        (Tongue::Russian, true, _) => format!("Затрачено {time}, платить не за что."),
        // What is counted by the piece takes no time that is told.
        (Tongue::Russian, false, 0) => format!("К оплате {}.", charged.join(" + ")),
        (_, false, 0) => format!("{} to pay so far.", charged.join(" + ")),
        (Tongue::Russian, false, _) => {
            format!("Затрачено {time}, к оплате {}.", charged.join(" + "))
        }
        (_, true, 0) => "Nothing is charged so far.".to_owned(),
        (_, true, _) => format!("{time} of work so far, nothing is charged."),
        (_, false, _) => format!("{time} of work so far, {} to pay.", charged.join(" + ")),
    }
}

/// A sum as people write it: with a comma in Russian.
fn money(currency: &Currency, minor: u64, tongue: Tongue) -> String {
    let sum = currency.money(minor);
    if tongue == Tongue::Russian { sum.replace('.', ",") } else { sum }
}

/// What is left of what the contract includes until its next period.
pub(super) fn left(left: &[Left], until: &At, tongue: Tongue) -> String {
    let (used_up, more): (Vec<&Left>, Vec<&Left>) = left.iter().partition(|left| left.units == 0);
    let each = more.into_iter().map(|Left { service, unit, units, .. }| match unit {
        Unit::Hour => {
            let minutes = i64::try_from(*units).unwrap_or(i64::MAX / 60_000);
            format!("{service} {}", tongue.time(WorkTime::from_minutes(minutes)))
        }
        Unit::Piece => format!("{units} × {service}"),
    });
    let each = each.collect::<Vec<_>>().join(", ");
    let gone = used_up.iter().map(|left| left.service.to_string());
    let gone = gone.collect::<Vec<_>>().join(", ");
    let until = tongue.moment(&until.local);
    let (is_russian, is_all_gone) = (tongue == Tongue::Russian, each.is_empty());
    let rest = match is_russian {
        true => format!("Включено до {until} и не израсходовано: {each}."),
        false => format!("Included until {until} and not used yet: {each}."),
    };
    match (gone.is_empty(), is_russian) {
        (true, _) => rest,
        (_, true) if is_all_gone => format!("Включённое до {until} израсходовано: {gone}."),
        (_, false) if is_all_gone => format!("What is included until {until} is used up: {gone}."),
        (_, true) => format!("{rest} Израсходовано: {gone}."),
        (_, false) => format!("{rest} Used up: {gone}."),
    }
}

pub(super) fn doing(doing: Doing, tongue: Tongue) -> String {
    let (english, russian) = match doing {
        Doing::Arrived => ("Your request has arrived.", "Ваше обращение получено."),
        Doing::Queued => ("It waits for its turn.", "Обращение в очереди."),
        Doing::Working => ("Somebody is working on it.", "Над обращением работают."),
        Doing::WaitingForCustomer => ("We wait for your answer.", "Мы ждём вашего ответа."),
        Doing::WaitingFor(HoldReason::Vendor) => {
            ("We wait for the vendor.", "Мы ждём ответа поставщика.")
        }
        Doing::WaitingFor(HoldReason::Change) => {
            ("We wait for a change to be carried out.", "Мы ждём, пока внесут изменение.")
        }
        Doing::WaitingFor(HoldReason::Problem) => {
            ("The cause is being looked for.", "Мы ищем причину.")
        }
        Doing::WaitingFor(HoldReason::Evidence) => {
            ("We are collecting evidence.", "Мы собираем данные.")
        }
        Doing::WaitingFor(HoldReason::ThirdParty) => {
            ("We wait for somebody else.", "Мы ждём третью сторону.")
        }
        Doing::WaitingFor(HoldReason::Approval) => {
            ("We wait for an approval.", "Мы ждём согласования.")
        }
        Doing::Resolved => ("It is done, as we see it.", "По нашим данным, вопрос решён."),
        Doing::Closed => ("It is closed.", "Обращение закрыто."),
        Doing::Merged(into) => {
            return match tongue {
                Tongue::Russian => format!("Работа продолжается в обращении {into}."),
                _ => format!("It goes on as part of {into}."),
            };
        }
    };
    pick(tongue, english, russian)
}

pub(super) fn status(status: &Label, tongue: Tongue) -> String {
    match tongue {
        Tongue::Russian => format!("Статус: «{}».", status.text(tongue)),
        _ => format!("Its status is \"{}\".", status.text(tongue)),
    }
}

pub(super) fn next(next: &Next, tongue: Tongue) -> String {
    let (english, russian) = match next {
        Next::Answer(at) => return by(tongue, "You get an answer by", "Ответ будет до", at),
        Next::Promised(at) => {
            return by(tongue, "What we promised comes by", "Обещанное будет сделано до", at);
        }
        Next::AnswerLate(at) => {
            let (english, russian) =
                ("Our answer is late: it was to come by", "Наш ответ запаздывает: он ожидался до");
            return format!("{} {}", by(tongue, english, russian, at), first(tongue));
        }
        Next::PromisedLate(at) => {
            let (english, russian) = (
                "What we promised is late: it was to come by",
                "Обещанное запаздывает: срок был до",
            );
            return format!("{} {}", by(tongue, english, russian, at), first(tongue));
        }
        Next::Signature(what) => {
            return match tongue {
                Tongue::Russian => format!("Нужна подпись: «{what}»."),
                _ => format!("A signature is needed: \"{what}\"."),
            };
        }
        Next::CustomerAnswers => {
            ("We go on when you have answered.", "Мы продолжим после вашего ответа.")
        }
        Next::Work => ("The work goes on.", "Работа продолжается."),
        Next::AfterTheWait => {
            ("We go on as soon as that is there.", "Мы продолжим, как только дождёмся.")
        }
        Next::CustomerConfirms => ("Tell us if it is not.", "Сообщите нам, если это не так."),
        Next::ToldThere => ("What comes next is told there.", "О дальнейшем сообщим там."),
        Next::Nothing => ("Nothing more is to be done.", "Больше ничего не требуется."),
    };
    pick(tongue, english, russian)
}

pub(super) fn done(done: &When, tongue: Tongue) -> String {
    let (english, russian) = match done {
        When::By(at) => return by(tongue, "It is to be done by", "Будет готово до", at),
        When::Late(at) => {
            return by(tongue, "It is late: it was to be done by", "Срок прошёл: ждали до", at);
        }
        When::Done => ("No time is promised any more.", "Срок больше не идёт."),
        When::AfterTheWait => ("The time stands still until then.", "До тех пор срок не идёт."),
        When::NotPromised => ("No time was promised.", "Срок не обещан."),
    };
    pick(tongue, english, russian)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_with_the_digits_that_it_has() {
        let paid = |code: &str, minor| cost(&[(Currency::from(code), minor)], 90, Tongue::English);
        assert_eq!(paid("EUR", 3_005), "1 h 30 min of work so far, 30.05 EUR to pay.");
        assert_eq!(paid("JPY", 3_005), "1 h 30 min of work so far, 3005 JPY to pay.");
        assert_eq!(paid("KWD", 3_005), "1 h 30 min of work so far, 3.005 KWD to pay.");
        let euros = [(Currency::from("EUR"), 3_005)];
        assert_eq!(cost(&euros, 90, Tongue::Russian), "Затрачено 1 ч 30 мин, к оплате 30,05 EUR.");
    }

    #[test]
    fn what_is_counted_by_the_piece_is_told_without_a_time() {
        let euros = [(Currency::from("EUR"), 25_000)];
        assert_eq!(cost(&euros, 0, Tongue::English), "250.00 EUR to pay so far.");
        assert_eq!(cost(&euros, 0, Tongue::Russian), "К оплате 250,00 EUR.");
    }

    #[test]
    fn what_is_used_up_is_told_apart_from_what_is_left() {
        let until: firstline_sla::Timestamp = "2026-03-15T00:00:00Z".parse().unwrap();
        let local = firstline_sla::Calendar::always().local_time(until);
        let of = |service: &str, unit, units| Left { service: service.into(), unit, units, until };
        let told = |all: &[Left], tongue| left(all, &At { at: until, local }, tongue);
        let (work, visit) = (of("work", Unit::Hour, 15), of("visit", Unit::Piece, 2));
        let (no_work, no_visit) = (of("work", Unit::Hour, 0), of("visit", Unit::Piece, 0));
        assert_eq!(
            told(&[work.clone(), visit], Tongue::English),
            "Included until Sun 15 Mar 2026 00:00 and not used yet: work 15 min, 2 × visit."
        );
        assert_eq!(
            told(&[work, no_visit.clone()], Tongue::English),
            "Included until Sun 15 Mar 2026 00:00 and not used yet: work 15 min. Used up: visit."
        );
        assert_eq!(
            told(&[no_work, no_visit], Tongue::Russian),
            "Включённое до вс 15 мар 2026 00:00 израсходовано: work, visit."
        );
    }
}
