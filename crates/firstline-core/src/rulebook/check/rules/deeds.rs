//! Whether a rule or a macro can do what it says.

use std::collections::{BTreeMap, BTreeSet};

use super::super::super::authored::{DeedSpec, OneOrMany};
use super::super::super::fields::Own;
use super::super::ladder::{Names, USUAL_ROLES};
use super::super::{Findings, NEXT, known, write_one_of};
use super::MAX_DEEDS;
use crate::automation::{Automation, Deed, Template};
use crate::custom::CustomField;
use crate::id::{FieldId, Tag};
use crate::limits::{MAX_LINE_BYTES, check_line, check_tags};
use crate::priority::{Impact, Priority, Urgency};
use crate::ticket::{Discipline, HoldReason, Kind, Need, Status, TicketAction};

pub(super) fn deeds(
    specs: &[DeedSpec],
    path: &str,
    names: &Names<'_>,
    automation: &mut Automation,
    findings: &mut Findings<'_>,
) -> Vec<Deed> {
    let path = format!("{path}.do");
    if specs.len() > MAX_DEEDS {
        let problem = format!("{} things are more than {MAX_DEEDS}", specs.len());
        findings.add(path.as_str(), problem, "write several rules");
        return Vec::new();
    }
    let mut reader = Reader { names, findings };
    let mut deeds = Vec::new();
    for (index, spec) in specs.iter().enumerate() {
        let path = format!("{path}[{index}]");
        if let Some(deed) = reader.deed(spec, &path) {
            let named = deed.referents().into_iter().map(|named| (path.clone(), named));
            automation.named.extend(named);
            deeds.push(deed);
        }
    }
    deeds
}

/// Reads a template on a desk with these fields of its own, or says what is wrong and the mend.
type ReadTemplate = fn(&str, &Own) -> Result<Template, (String, String)>;

struct Reader<'r, 't> {
    names: &'r Names<'r>,
    findings: &'r mut Findings<'t>,
}

impl Reader<'_, '_> {
    fn deed(&mut self, spec: &DeedSpec, path: &str) -> Option<Deed> {
        self.check_companions(spec, path)?;
        let at = |key: &str| format!("{path}.{key}");
        if let Some(word) = &spec.status {
            return self.status(word, spec.hold.as_deref(), path);
        }
        if let Some(word) = &spec.move_to {
            return self.move_to(word, spec.hold.as_deref(), path);
        }
        if let Some(word) = &spec.priority {
            if word == NEXT {
                return Some(Deed::Prioritise(None));
            }
            let (all, path) = (Priority::ALL, at("priority"));
            let level = known("priority", word, all, Priority::as_str, &path, self.findings);
            return level.map(|level| Deed::Prioritise(Some(level)));
        }
        if spec.impact.is_some() || spec.urgency.is_some() {
            let (impact, urgency) = (spec.impact.as_deref(), spec.urgency.as_deref());
            let impact = self.word(impact, "impact", Impact::ALL, Impact::as_str, path)?;
            let urgency = self.word(urgency, "urgency", Urgency::ALL, Urgency::as_str, path)?;
            return Some(Deed::Classify { impact, urgency });
        }
        if spec.kind.is_some() || spec.need.is_some() || spec.discipline.is_some() {
            return self.describe(spec, path);
        }
        if spec.tag.is_some() || spec.untag.is_some() {
            let add = self.tags(spec.tag.as_ref(), &at("tag"));
            let remove = self.tags(spec.untag.as_ref(), &at("untag"));
            return Some(Deed::Tag { add, remove });
        }
        if spec.set.is_some() || spec.clear.is_some() {
            return self.fields(spec, path);
        }
        if let Some(assignee) = spec.assign {
            return Some(Deed::Act(TicketAction::Assign { agent: assignee.0 }));
        }
        if let Some(line) = &spec.hand_over {
            return self.hand_over(line, spec.team.as_deref(), path);
        }
        if let Some(source) = &spec.message {
            return self.template(source, &at("message")).map(Deed::Message);
        }
        if let Some(source) = &spec.note {
            return self.template(source, &at("note")).map(Deed::Note);
        }
        if let Some(role) = &spec.notify {
            self.check_role(role, &at("notify"));
            let text = spec.text.as_ref().map(|source| self.template(source, &at("text")));
            return Some(Deed::Notify(role.as_str().into(), text.flatten()));
        }
        if let Some(url) = &spec.webhook {
            self.check_url(url, &at("webhook"));
            let read = Template::read_body;
            let body = spec.body.as_ref().map(|source| self.filled(source, &at("body"), read));
            let body = body.flatten();
            if let Some((name, exact)) =
                body.as_ref().and_then(|it| it.words_for_programs(self.names.own))
            {
                let problem = format!("`{name}` is for people: programs read `{exact}`");
                self.findings.remark(&at("body"), problem);
            }
            return Some(Deed::Webhook { url: url.as_str().into(), body });
        }
        if let Some(guide) = &spec.guide {
            if let Err(refusal) = check_line("the name of the guide", guide) {
                self.findings.add(at("guide"), refusal.to_string(), "write its name");
            }
            return Some(Deed::StartGuide(guide.as_str().into()));
        }
        Some(if spec.route { Deed::Route } else { Deed::SeekDuplicate })
    }

    /// Checks that exactly one thing is said, and nothing beside it that belongs to another one.
    fn check_companions(&mut self, spec: &DeedSpec, path: &str) -> Option<()> {
        let is_tag = spec.tag.is_some() || spec.untag.is_some();
        let said = [
            ("status", spec.status.is_some()),
            ("move", spec.move_to.is_some()),
            ("priority", spec.priority.is_some()),
            ("impact", spec.impact.is_some() || spec.urgency.is_some()),
            ("kind", spec.kind.is_some() || spec.need.is_some() || spec.discipline.is_some()),
            ("tag", is_tag),
            ("set", spec.set.is_some() || spec.clear.is_some()),
            ("assign", spec.assign.is_some()),
            ("hand_over", spec.hand_over.is_some()),
            ("message", spec.message.is_some()),
            ("note", spec.note.is_some()),
            ("notify", spec.notify.is_some()),
            ("webhook", spec.webhook.is_some()),
            ("guide", spec.guide.is_some()),
            ("seek_duplicate", spec.seek_duplicate),
            ("route", spec.route),
        ];
        let written = said.iter().filter(|(_, is_said)| *is_said);
        let written: Vec<&str> = written.map(|(key, _)| *key).collect();
        let [only] = written.as_slice() else {
            let problem = if written.is_empty() {
                "nothing is said to do".to_owned()
            } else {
                format!("{} are several things", written.join(", "))
            };
            let all: Vec<&str> = said.iter().map(|(key, _)| *key).collect();
            let mend = format!("write each into a table of its own: one of {}", all.join(", "));
            self.findings.add(path, problem, mend);
            return None;
        };
        for (key, is_written, belongs_to) in [
            ("hold", spec.hold.is_some(), "status"),
            ("team", spec.team.is_some(), "hand_over"),
            ("text", spec.text.is_some(), "notify"),
            ("body", spec.body.is_some(), "webhook"),
        ] {
            let is_moved = key == "hold" && *only == "move";
            if is_written && *only != belongs_to && !is_moved {
                let problem = format!("`{key}` belongs to `{belongs_to}`, not to `{only}`");
                self.findings.add(format!("{path}.{key}"), problem, "remove it");
            }
        }
        Some(())
    }

    /// One of the words for something, if one is written. `None` if there is no such word.
    fn word<T: Copy>(
        &mut self,
        written: Option<&str>,
        key: &str,
        all: &[T],
        as_str: impl Fn(T) -> &'static str,
        path: &str,
    ) -> Option<Option<T>> {
        let Some(word) = written else {
            return Some(None);
        };
        known(key, word, all, as_str, &format!("{path}.{key}"), self.findings).map(Some)
    }

    /// What sort of request it is.
    fn describe(&mut self, spec: &DeedSpec, path: &str) -> Option<Deed> {
        let (kind, need) = (spec.kind.as_deref(), spec.need.as_deref());
        let kind = self.word(kind, "kind", &Kind::ALL, Kind::as_str, path)?;
        let need = self.word(need, "need", &Need::ALL, Need::as_str, path)?;
        let (trade, all) = (spec.discipline.as_deref(), &Discipline::ALL);
        let discipline = self.word(trade, "discipline", all, Discipline::as_str, path)?;
        Some(Deed::Act(TicketAction::Describe { kind, need, discipline }))
    }

    fn status(&mut self, word: &str, hold: Option<&str>, path: &str) -> Option<Deed> {
        let at = format!("{path}.status");
        let to = known("status", word, &Status::ALL, Status::as_str, &at, self.findings)?;
        if to == Status::New {
            self.findings.add(at, "no ticket becomes new again", "write `open`");
            return None;
        }
        let at = format!("{path}.hold");
        let hold = match (to, hold) {
            (Status::OnHold, Some(word)) => {
                let all = &HoldReason::ALL;
                Some(known("reason", word, all, HoldReason::as_str, &at, self.findings)?)
            }
            (Status::OnHold, None) => {
                let reasons = HoldReason::ALL.map(HoldReason::as_str).join(", ");
                let problem = "it is not said what is waited for";
                self.findings.add(path, problem, format!("write `hold` with one of {reasons}"));
                return None;
            }
            (_, Some(_)) => {
                let problem = "what is waited for is said only with `on_hold`";
                self.findings.add(at, problem, "remove it");
                return None;
            }
            (_, None) => None,
        };
        Some(Deed::Act(TicketAction::ChangeStatus { to, hold }))
    }

    /// Whether the ticket can take the way is seen when the rule fires: it depends on where it is.
    fn move_to(&mut self, word: &str, hold: Option<&str>, path: &str) -> Option<Deed> {
        let names = &self.names.statuses;
        if !names.contains(word) {
            let known = names.iter().copied().collect::<Vec<_>>().join(", ");
            let problem = format!("no lifecycle has a status `{word}`");
            self.findings.add(format!("{path}.move"), problem, format!("write one of {known}"));
            return None;
        }
        let (all, at) = (&HoldReason::ALL, format!("{path}.hold"));
        let hold = match hold {
            Some(word) => Some(known("reason", word, all, HoldReason::as_str, &at, self.findings)?),
            None => None,
        };
        Some(Deed::Act(TicketAction::Move { to: word.into(), hold }))
    }

    fn hand_over(&mut self, line: &str, team: Option<&str>, path: &str) -> Option<Deed> {
        if line == NEXT {
            if team.is_some() {
                let problem = "a team belongs to a line that is named";
                self.findings.add(format!("{path}.team"), problem, "name the line");
            }
            return Some(Deed::HandOverToNext);
        }
        let Some(found) = self.names.lines.iter().find(|known| known.id.as_str() == line) else {
            let known: Vec<&str> = self.names.lines.iter().map(|line| line.id.as_str()).collect();
            let mend = format!("write {NEXT} or {}", known.join(", "));
            self.findings.add(
                format!("{path}.hand_over"),
                format!("there is no line `{line}`"),
                mend,
            );
            return None;
        };
        if let Some(team) = team
            && !found.teams.iter().any(|known| known.as_str() == team)
        {
            let known = found.teams.iter().map(|team| team.as_str());
            let mend = write_one_of(known, "leave `team` out, or write `teams` in that line");
            let problem = format!("line `{line}` has no team `{team}`");
            self.findings.add(format!("{path}.team"), problem, mend);
            return None;
        }
        let (line, team) = (found.id.clone(), team.map(Into::into));
        Some(Deed::Act(TicketAction::HandOver { line, team }))
    }

    /// Fields of the desk's own to set and to clear.
    fn fields(&mut self, spec: &DeedSpec, path: &str) -> Option<Deed> {
        let mut fields = BTreeMap::new();
        let (none, no_words) = (BTreeMap::new(), OneOrMany::default());
        let set = spec.set.as_ref().unwrap_or(&none);
        let clear = &spec.clear.as_ref().unwrap_or(&no_words).0;
        if set.is_empty() && clear.is_empty() {
            self.findings.add(path, "no field is named", "write one");
        }
        for (id, input) in set {
            let path = format!("{path}.set.{id}");
            if let Some(own) = self.own_field(id, &path)
                && let Err(refusal) = own.read(id, input)
            {
                self.findings.add(path, refusal.to_string(), "write what the field can hold");
            }
            fields.insert(id.clone(), Some(input.clone()));
        }
        for id in clear {
            let (id, path) = (FieldId::from(id.as_str()), format!("{path}.clear"));
            self.own_field(&id, &path);
            if fields.insert(id.clone(), None).is_some() {
                self.findings.add(path, format!("`{id}` is named twice"), "remove one");
            }
        }
        Some(Deed::Act(TicketAction::SetFields { fields }))
    }

    fn own_field(&mut self, id: &FieldId, path: &str) -> Option<&CustomField> {
        let found = self.names.own.get(id);
        if found.is_none() {
            let known: Vec<&str> = self.names.own.keys().map(FieldId::as_str).collect();
            let mend = match known.is_empty() {
                true => format!("write [fields.{id}] first"),
                false => format!("write one of {}", known.join(", ")),
            };
            self.findings.add(path, format!("there is no field `{id}`"), mend);
        }
        found
    }

    fn tags(&mut self, tags: Option<&OneOrMany>, path: &str) -> Vec<Tag> {
        let Some(OneOrMany(tags)) = tags else {
            return Vec::new();
        };
        if tags.is_empty() {
            self.findings.add(path, "no label is named", "write one");
        }
        if let Err(refusal) = check_tags(tags.iter().map(String::as_str)) {
            self.findings.add(path, refusal.to_string(), "write fewer or shorter ones");
        }
        let named: BTreeSet<String> = tags.iter().map(|tag| tag.to_lowercase()).collect();
        if named.len() < tags.len() {
            self.findings.add(path, "a label is named twice", "remove one");
        }
        named.into_iter().map(Tag::from).collect()
    }

    fn template(&mut self, source: &str, path: &str) -> Option<Template> {
        self.filled(source, path, Template::read)
    }

    fn filled(&mut self, source: &str, path: &str, read: ReadTemplate) -> Option<Template> {
        if source.trim().is_empty() {
            self.findings.add(path, "the text is empty", "write one");
            return None;
        }
        match read(source, self.names.own) {
            Ok(template) => Some(template),
            Err((problem, mend)) => {
                self.findings.add(path, problem, mend);
                None
            }
        }
    }

    fn check_role(&mut self, role: &str, path: &str) {
        let roles = self.names.roles.iter().map(|known| known.id.as_str());
        if !roles.clone().chain(USUAL_ROLES).any(|known| known == role) {
            let known: Vec<&str> = USUAL_ROLES.into_iter().chain(roles).collect();
            let mend = format!("write one of {}", known.join(", "));
            self.findings.add(path, format!("there is no role `{role}`"), mend);
        }
    }

    fn check_url(&mut self, url: &str, path: &str) {
        let is_web = ["https://", "http://"].iter().any(|scheme| {
            url.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        });
        let is_clean = !url.chars().any(|c| c.is_control() || c.is_whitespace());
        if !is_web || !is_clean || url.len() > MAX_LINE_BYTES {
            let shown: String = url.chars().take(80).collect();
            let problem = format!("`{}` is no address on the web", shown.escape_debug());
            self.findings.add(path, problem, "write one that begins with https://");
        }
    }
}
