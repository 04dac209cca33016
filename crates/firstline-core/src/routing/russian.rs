//! A choice in Russian.

use firstline_sla::Tongue;

use super::text::MAX_TOLD;
use super::{Choice, Merit, Objection, Presence, RoutingStrategy};
use crate::ticket::Discipline;

impl Choice {
    /// Who gets the ticket, and of everybody else why not; of many others, how many.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        match tongue {
            Tongue::Russian => self.russian(),
            _ => self.to_string(),
        }
    }

    fn russian(&self) -> String {
        let first = match &self.chosen {
            Some((agent, merit)) => {
                format!("обращение получает агент {}: {}", agent.0, merit.russian())
            }
            None => "сейчас взять его никто не может, и оно ждёт".to_owned(),
        };
        let passed_over = self.passed_over.iter().take(MAX_TOLD).map(|(agent, merit)| {
            format!("агент {} тоже мог бы: {}", agent.0, merit.figure_russian())
        });
        let excluded = self.excluded.iter().take(MAX_TOLD).map(|(agent, against)| {
            let against: Vec<String> = against.iter().map(Objection::russian).collect();
            format!("агент {} не может: {}", agent.0, against.join(", "))
        });
        let untold = Some(self.untold()).filter(|others| *others > 0);
        let untold = untold.map(|others| format!("и так далее, ещё {others}"));
        let all = [first].into_iter().chain(passed_over).chain(excluded).chain(untold);
        let all: Vec<String> = all.collect();
        all.join("; ")
    }
}

impl Merit {
    fn russian(&self) -> String {
        let figure = self.figure_russian();
        match self.by {
            _ if self.knows_the_matter => "уже знаком с делом".to_owned(),
            RoutingStrategy::LeastLoaded => format!("загружен меньше всех, {figure}"),
            RoutingStrategy::RoundRobin => format!("его очередь, {figure}"),
            RoutingStrategy::LongestIdle => format!("дольше всех без дела, {figure}"),
        }
    }

    fn figure_russian(&self) -> String {
        match self.by {
            RoutingStrategy::LeastLoaded => format!("нагрузка {}", self.load),
            RoutingStrategy::RoundRobin if self.is_asked => "его уже спрашивают".to_owned(),
            RoutingStrategy::RoundRobin => self.last_given.map_or_else(
                || "его очереди ещё не было".to_owned(),
                |at| format!("последний раз его очередь была {at}"),
            ),
            RoutingStrategy::LongestIdle if self.load > 0 => {
                format!("занят, нагрузка {}", self.load)
            }
            RoutingStrategy::LongestIdle => self
                .idle_since
                .map_or_else(|| "дел ещё не было".to_owned(), |at| format!("без дела с {at}")),
        }
    }
}

impl Objection {
    fn russian(&self) -> String {
        match self {
            Self::NotAvailable(Presence::Away) => "нового не берёт".to_owned(),
            Self::NotAvailable(_) => "нет на месте".to_owned(),
            Self::OffHours { until: Some(until) } => format!("не работает до {until}"),
            Self::OffHours { until: None } => "сейчас не работает".to_owned(),
            Self::OtherLine(line) => format!("не работает на линии {line}"),
            Self::OtherTeam(team) => format!("не в команде {team}"),
            Self::OtherDiscipline(Discipline::TechnicalSupport) => {
                "не занимается технической поддержкой".to_owned()
            }
            Self::OtherDiscipline(_) => "не занимается обслуживанием клиентов".to_owned(),
            Self::OtherLanguage(language) => format!("не отвечает на языке {language}"),
            Self::Unskilled { skill, level, has: Some(has) } => {
                format!("навык {skill} на уровне {has}, а нужен {level}")
            }
            Self::Unskilled { skill, has: None, .. } => format!("нет навыка {skill}"),
            Self::Full { load, weight, total } => {
                format!("нагрузка {load} из {total}, а это ещё {weight}")
            }
            Self::Declined => "отказался".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AgentId;

    #[test]
    fn a_choice_is_told_in_russian_with_all_that_was_weighed() {
        let merit = |load| Merit {
            by: RoutingStrategy::LeastLoaded,
            knows_the_matter: false,
            load,
            last_given: None,
            is_asked: false,
            idle_since: None,
        };
        let choice = Choice {
            chosen: Some((AgentId(1), merit(0))),
            passed_over: vec![(AgentId(2), merit(3))],
            excluded: vec![(
                AgentId(3),
                vec![
                    Objection::OtherLine("L2".into()),
                    Objection::Unskilled { skill: "networks".into(), level: 3, has: Some(1) },
                ],
            )],
            others: 0,
        };
        assert_eq!(
            choice.text(Tongue::Russian),
            "обращение получает агент 1: загружен меньше всех, нагрузка 0; агент 2 тоже мог бы: нагрузка 3; \
             агент 3 не может: не работает на линии L2, навык networks на уровне 1, а нужен 3"
        );
        assert_eq!(choice.text(Tongue::English), choice.to_string());
        let waits = Choice { chosen: None, ..choice };
        assert!(waits.text(Tongue::Russian).starts_with("сейчас взять его никто не может"));
    }
}
