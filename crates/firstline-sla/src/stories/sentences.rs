//! What a clock says, as sentences.

use super::script::{DAY_MS, DAYS, monday};
use crate::*;

pub(super) fn told(at: Timestamp) -> String {
    let since = at.millis_since(monday());
    let day = since.div_euclid(DAY_MS);
    let week = if day < 7 { String::new() } else { (day / 7 + 1).to_string() };
    let minutes = since.rem_euclid(DAY_MS) / 60_000;
    let rest = since.rem_euclid(60_000);
    let fraction = if rest == 0 { String::new() } else { format!(":{:06.3}", rest as f64 / 1e3) };
    let name = DAYS[day.rem_euclid(7) as usize];
    format!("{name}{week} {:02}:{:02}{fraction}", minutes / 60, minutes % 60)
}

fn due(schedule: &Schedule) -> String {
    schedule.due.map_or_else(|| "never due".into(), |at| format!("due {}", told(at)))
}

pub(super) fn sentence(event: &ClockEvent) -> String {
    match event {
        ClockEvent::Started { schedule, since, spent, skipped, .. } => {
            let due = schedule.as_ref().map_or_else(|| "standing still".into(), due);
            let since =
                since.map_or(String::new(), |at| format!(" since {}, {spent} spent", told(at)));
            format!("started{since}, {due}{}", skips(skipped))
        }
        ClockEvent::Paused { reason, spent } => format!("paused by {reason}, {spent} spent"),
        ClockEvent::Resumed { schedule: Some(schedule), .. } => {
            format!("resumed, {}", due(schedule))
        }
        ClockEvent::Resumed { reason, schedule: None } => format!("{reason} is over"),
        ClockEvent::Retargeted { allowance, spent, schedule, skipped, .. } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("now {allowance}, {spent} spent{due}{}", skips(skipped))
        }
        ClockEvent::Warned { threshold } => format!("warned at {threshold}"),
        ClockEvent::Corrected { allowance, spent, schedule, skipped, .. } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("corrected, {spent} of {allowance} spent{due}{}", skips(skipped))
        }
        ClockEvent::DueFixed { by_hand, schedule, skipped, .. } => {
            let by = if *by_hand { "hand" } else { "the terms" };
            format!("fixed by {by}, {}{}", due(schedule), skips(skipped))
        }
        ClockEvent::DueReleased { spent, schedule, skipped } => {
            let due = schedule.as_ref().map_or(String::new(), |s| format!(", {}", due(s)));
            format!("released, {spent} spent{due}{}", skips(skipped))
        }
        ClockEvent::TakenOver { .. } => "taken over".into(),
        ClockEvent::Breached { cause: BreachCause::Correction } => {
            "breached by the correction".into()
        }
        ClockEvent::Breached { cause: BreachCause::Released } => "breached by the release".into(),
        ClockEvent::Breached { cause: BreachCause::Elapsed } => "breached".into(),
        ClockEvent::Breached { cause: BreachCause::Retarget } => "breached by the change".into(),
        ClockEvent::Climbed { step } => format!("step {step}"),
        ClockEvent::Fulfilled { outcome, spent, breached_under_earlier_target, .. } => {
            let earlier =
                if *breached_under_earlier_target { ", late by the old terms" } else { "" };
            format!("{outcome}, {spent} spent{earlier}")
        }
        ClockEvent::Cancelled { reason, spent } => format!("cancelled: {reason}, {spent} spent"),
        ClockEvent::CarriedOn { schedule } => format!("goes on, {}", due(schedule)),
    }
}

fn skips(calls: &[Call]) -> String {
    let word = |call: &Call| match call {
        Call::Warn(threshold) => threshold.to_string(),
        Call::Step(step) => format!("step {step}"),
    };
    let words: Vec<String> = calls.iter().map(word).collect();
    if words.is_empty() { String::new() } else { format!(", skips {}", words.join(", ")) }
}
