//! What a log says about itself, counted without any desk.

use std::collections::{BTreeMap, BTreeSet};

use firstline::{LineId, Rulebook, TeamId};

use super::log::{Log, Stage, Step};

/// What can be counted in a log.
#[derive(Debug, Default)]
pub struct LogCount {
    /// Rows by the log's word for the state.
    pub words: BTreeMap<(Stage, String), usize>,
    /// What lines and teams had to do with it.
    pub travel: Travel,
    /// Incidents that were worked on after they had been solved.
    pub reopened: usize,
    /// The same, by the log's own counter.
    pub reopened_by_counter: Option<usize>,
    /// Incidents that changed their group, by the log's own counter.
    pub reassigned_by_counter: Option<usize>,
    /// Incidents whose own desk broke its own promise.
    pub made_sla_false: Option<usize>,
}

/// Where incidents went. Counted in the log and in the desk's records by the same rules, so that
/// the two can be compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Travel {
    /// Incidents that were on a line at some time.
    pub reached: BTreeMap<LineId, usize>,
    /// Incidents that were on the first line all the time.
    pub only_first_line: usize,
    /// Incidents that more than one team had.
    pub changed_team: usize,
    /// Incidents that came back to a team at once.
    pub ping_pong_incidents: usize,
    /// How often that happened.
    pub ping_pongs: usize,
}

impl LogCount {
    /// Counts. The rulebook says on which line a team stands where the log does not.
    #[must_use]
    pub fn of(log: &Log, rulebook: &Rulebook) -> Self {
        let mut count = Self::default();
        for step in &log.steps {
            *count.words.entry((step.stage, step.word.clone())).or_default() += 1;
        }
        let lines = lines_by_team(rulebook);
        let first = &rulebook.lines()[0].id;
        for steps in log.by_incident() {
            let mut reached = BTreeSet::new();
            let mut line = first;
            for step in &steps {
                let known = step.team.as_ref().and_then(|team| lines.get(team));
                line = step.line.as_ref().or_else(|| known.copied()).unwrap_or(line);
                reached.insert(line);
            }
            let teams = visits(steps.iter().map(|step| step.team.as_ref()));
            count.travel.add(&reached, &teams, first);
            count.reopened += usize::from(is_reopened(&steps));
        }
        let of_all = |counts: &dyn Fn(usize) -> Option<bool>| -> Option<usize> {
            (0..log.incidents.len()).map(|at| counts(at).map(usize::from)).sum()
        };
        let incidents = &log.incidents;
        count.reopened_by_counter = of_all(&|at| incidents[at].reopened.map(|times| times > 0));
        count.reassigned_by_counter = of_all(&|at| incidents[at].reassigned.map(|times| times > 0));
        count.made_sla_false = of_all(&|at| incidents[at].made_sla.map(|kept| !kept));
        count
    }
}

impl Travel {
    /// Takes in an incident: the lines that had it, and the teams one after the other.
    pub(super) fn add(&mut self, lines: &BTreeSet<&LineId>, teams: &[&TeamId], first: &LineId) {
        for line in lines {
            *self.reached.entry((*line).clone()).or_default() += 1;
        }
        self.only_first_line += usize::from(lines.iter().all(|line| *line == first));
        self.changed_team += usize::from(teams.len() > 1);
        let ping_pongs = ping_pongs(teams);
        self.ping_pong_incidents += usize::from(ping_pongs > 0);
        self.ping_pongs += ping_pongs;
    }
}

/// How often an incident went from one team to another and straight back.
#[must_use]
pub fn ping_pongs<T: PartialEq>(teams: &[T]) -> usize {
    teams.windows(3).filter(|three| three[0] == three[2]).count()
}

/// The teams that had an incident, one after the other, without repeats and gaps.
pub(super) fn visits<'a>(teams: impl Iterator<Item = Option<&'a TeamId>>) -> Vec<&'a TeamId> {
    let mut visits: Vec<&TeamId> = teams.flatten().collect();
    visits.dedup();
    visits
}

/// The line of each team.
pub(super) fn lines_by_team(rulebook: &Rulebook) -> BTreeMap<&TeamId, &LineId> {
    let lines = rulebook.lines().iter();
    lines.flat_map(|line| line.teams.iter().map(|team| (team, &line.id))).collect()
}

/// Whether somebody worked on it after it had been solved, or did anything after it was over.
fn is_reopened(steps: &[&Step]) -> bool {
    let mut furthest = Stage::Queued;
    for step in steps {
        match (furthest, step.stage) {
            (_, Stage::Unclear) | (Stage::Closed, Stage::Closed) => {}
            (Stage::Closed, _) => return true,
            (_, done @ (Stage::Resolved | Stage::Closed)) => furthest = done,
            (Stage::Resolved, _) => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ping_pong_comes_straight_back_and_a_repeat_or_a_gap_is_no_move() {
        let teams: Vec<TeamId> = ["A", "A", "B", "A", "C", "B", "C"].map(TeamId::from).into();
        let told = teams.iter().flat_map(|team| [Some(team), None]);
        let visits = visits(told);
        assert_eq!(visits.len(), 6);
        assert_eq!(ping_pongs(&visits), 2);
        assert_eq!(ping_pongs(&visits[..2]), 0);
    }
}
