//! What the desk knows: answers to questions, and articles for tickets.

use std::collections::BTreeMap;

use firstline_core::{
    Actor, AgentId, Article, ArticleEvent, ArticleFact, ArticleId, Event, Language, Stage, Stream,
    Timestamp,
};
use firstline_knowledge::{Hit, Lessons, Question, Reception, Results, Revision};
use firstline_store::Reader;

use super::Desk;
use crate::error::Error;

/// How many changed articles the index takes in at once.
const FEED_BATCH: usize = 1_000;

/// Among how many of the first hits an article must be for its own question.
const MUST_BE_AMONG: usize = 3;

/// A question of an article that does not find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostQuestion {
    /// The article that was to be found.
    pub article: ArticleId,
    /// The question.
    pub question: String,
    /// What was found instead, best first.
    pub found: Vec<ArticleId>,
}

/// An article that wants to be looked after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleChore {
    /// Which article.
    pub article: ArticleId,
    /// Who keeps it true, if anybody does.
    pub owner: Option<AgentId>,
    /// What is to be done.
    pub chore: Chore,
}

/// What is to be done about an article.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Chore {
    /// Its day of review has come.
    Review {
        /// When that was.
        due: Timestamp,
    },
    /// An edition is older than a change of another one.
    Translate {
        /// The language that is behind.
        language: Language,
    },
    /// Somebody asked for a draft to be read.
    ReadDraft {
        /// Its language.
        language: Language,
    },
    /// More of those who read its text as it is say that it did not help than that it did.
    Rewrite {
        /// How many it helped since the text is as it is.
        helpful: u32,
        /// How many it did not help since then.
        not_helpful: u32,
    },
}

impl Desk {
    /// Articles that answer a question, best first: by their words, and by which of them helped
    /// others who asked for about the same. [`Hit::matches`] and [`Hit::experience`] say why.
    ///
    /// An article is found as soon as the command that published it has returned, and what a solved
    /// ticket teaches is known as soon as it is solved: the indexes follow the journal when they are
    /// asked, and come back by themselves if their files were deleted or replaced by damaged ones (but
    /// see [`firstline_knowledge`] for files that are written into while they are open). Only tickets
    /// that nothing has solved may come in up to 1,000 records later; they weigh in how rare a word is.
    ///
    /// Where several processes work on one folder, one of them takes in what all have written, and
    /// the others wait for it, for a second at most. If it takes longer, the answer is as old as
    /// what that process has committed so far; [`search_lag`](Self::search_lag) says how old. A
    /// process that does not move at all is waited for only once.
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written.
    pub fn search(&self, question: &Question<'_>) -> Result<Vec<Hit>, Error> {
        self.sound(|| {
            let lessons = self.lessons(question)?;
            Ok(self.inner.index.search_with(question, self.now(), &lessons)?)
        })
    }

    /// [`search`](Self::search) with all that a page of results shows beside the hits: counts by
    /// product, version, category, tag, language and audience, and the question as it may have been meant.
    /// A question without a text lists all that pass its filters, such as a section of the knowledge base.
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written.
    pub fn browse(&self, question: &Question<'_>) -> Result<Results, Error> {
        self.sound(|| {
            let lessons = self.lessons(question)?;
            Ok(self.inner.index.browse_with(question, self.now(), &lessons)?)
        })
    }

    /// Brings the articles up to the journal, and the cases as far as they teach anything, and says
    /// what those teach about a question.
    fn lessons(&self, question: &Question<'_>) -> Result<Lessons, Error> {
        self.feed_index()?;
        self.feed_lessons()?;
        Ok(self.inner.cases.lessons(question, &self.inner.index, self.now())?)
    }

    /// Brings what the desk searches up to the journal now: articles, the cases that it learns from,
    /// and conversations. For a thread that has time, so that nobody who asks has to wait for it.
    /// What another process is taking in at the same moment may still be
    /// [on its way](Self::search_lag) when it returns.
    ///
    /// # Errors
    ///
    /// The journal or an index cannot be read or written.
    pub fn catch_up(&self) -> Result<(), Error> {
        self.sound(|| {
            self.feed_index()?;
            self.feed_cases()?;
            self.feed_conversations(0)
        })
    }

    /// Articles whose own questions do not find them any more among the first three: by an edit of
    /// theirs, or by another article that took their place. Each question is asked as those may who
    /// may see the article, and by the words alone: what was learned from tickets must not hide that
    /// a text lost them.
    ///
    /// # Errors
    ///
    /// The journal or the index cannot be read or written.
    pub fn check_articles(&self) -> Result<Vec<LostQuestion>, Error> {
        self.sound(|| self.lost_questions())
    }

    fn lost_questions(&self) -> Result<Vec<LostQuestion>, Error> {
        let mut lost = Vec::new();
        let now = self.now();
        self.feed_index()?;
        for (article, state) in self.articles()? {
            let state = state.at(now);
            if state.retired || state.editions.is_empty() {
                continue;
            }
            for text in &state.about.questions {
                let (audience, limit) = (state.audience, MUST_BE_AMONG);
                let question = Question { audience, limit, ..Question::new(text) };
                let hits = self.inner.index.search(&question, now)?;
                let found: Vec<ArticleId> = hits.iter().map(|hit| hit.article).collect();
                if !found.contains(&article) {
                    lost.push(LostQuestion { article, question: text.clone(), found });
                }
            }
        }
        Ok(lost)
    }

    /// What waits for somebody to look after it now: articles whose day of review has come,
    /// translations that are behind, drafts in review, texts that do not help their readers.
    ///
    /// It is a list to ask for: the desk reminds nobody of these by itself. A host that does asks when it
    /// suits its people, once a day perhaps, and sends each owner what is theirs.
    ///
    /// # Errors
    ///
    /// The journal cannot be read.
    pub fn article_chores(&self) -> Result<Vec<ArticleChore>, Error> {
        let mut chores = Vec::new();
        let now = self.now();
        for (article, state) in self.articles()? {
            let state = state.at(now);
            if state.retired {
                continue;
            }
            let owner = state.about.owner;
            let mut add = |chore| chores.push(ArticleChore { article, owner, chore });
            if let Some(due) = state.about.review_at.filter(|due| *due <= now) {
                add(Chore::Review { due });
            }
            for language in state.behind {
                add(Chore::Translate { language });
            }
            let drafts = state.drafts.into_iter().filter(|(_, it)| it.stage == Stage::InReview);
            for (language, _) in drafts {
                add(Chore::ReadDraft { language });
            }
            if state.votes.not_helpful > 0 {
                let Reception { helpful, not_helpful, .. } =
                    self.read(|journal| Ok(heard(journal, article)?.of_text(now)))?;
                if not_helpful > helpful {
                    add(Chore::Rewrite { helpful, not_helpful });
                }
            }
        }
        Ok(chores)
    }

    /// All articles as they are in the journal, by their numbers.
    fn articles(&self) -> Result<BTreeMap<ArticleId, Article>, Error> {
        let mut articles = BTreeMap::new();
        let mut after = 0;
        loop {
            let changes = self.read(|journal| Ok(journal.article_changes(after, FEED_BATCH)?))?;
            let Some(last) = changes.last() else { return Ok(articles) };
            after = last.seq;
            articles.extend(changes.into_iter().map(|change| (change.article, change.state)));
        }
    }

    /// Lets the index read what was published since it last did.
    pub(super) fn feed_index(&self) -> Result<(), Error> {
        let index = &self.inner.index;
        let last = self.read(|journal| Ok(journal.last_article_change()?))?;
        self.follow_articles(last, || {
            let changes =
                self.read(|journal| Ok(journal.article_changes(index.position(), FEED_BATCH)?))?;
            let revisions = changes.into_iter().map(|change| {
                let reception =
                    self.read(|journal| Ok(heard(journal, change.article)?.in_all()))?;
                let (seq, article, state) = (change.seq, change.article, Some(change.state));
                Ok(Revision { seq, article, state, reception })
            });
            Ok(index.absorb(&revisions.collect::<Result<Vec<_>, Error>>()?)?)
        })
    }
}

/// What the journal says of an article beside its text: the last word of each reader, and when its
/// text last became another one. All who have no name, such as visitors of a public page, have one
/// voice together: nobody knows how many they are.
///
/// A draft changes no text before it is published. One that came out on its day did so then, and not
/// when somebody arranged it; one whose day is still to come is known to the index by its day.
#[derive(Default)]
struct Heard {
    voices: BTreeMap<Actor, (bool, Timestamp)>,
    changed_at: Option<Timestamp>,
    waiting: BTreeMap<Language, Timestamp>,
}

impl Heard {
    /// It is so late: what was to come out by now is out.
    fn come_to(&mut self, now: Timestamp) {
        self.waiting.retain(|_, day| {
            let is_out = *day <= now;
            self.changed_at = self.changed_at.max(is_out.then_some(*day));
            !is_out
        });
    }

    fn hear(&mut self, by: Actor, event: &ArticleEvent) {
        self.come_to(event.at);
        match &event.fact {
            ArticleFact::Voted { helpful, .. } => {
                self.voices.insert(by, (*helpful, event.at));
            }
            ArticleFact::Published { language, .. } => {
                self.changed_at = Some(event.at);
                self.waiting.remove(language);
            }
            ArticleFact::Drafted { language, draft } => match draft.stage {
                Stage::PublishAt(day) => drop(self.waiting.insert(language.clone(), day)),
                _ => drop(self.waiting.remove(language)),
            },
            ArticleFact::DraftDropped { language } => drop(self.waiting.remove(language)),
            ArticleFact::Retired => self.waiting.clear(),
            _ => {}
        }
    }

    fn in_all(self) -> Reception {
        self.since(None)
    }

    /// What was said of the text as it is now.
    fn of_text(mut self, now: Timestamp) -> Reception {
        self.come_to(now);
        let changed_at = self.changed_at;
        self.since(changed_at)
    }

    fn since(self, start: Option<Timestamp>) -> Reception {
        let voices = self.voices.into_values().filter(|(_, at)| Some(*at) >= start);
        let (helpful, not): (Vec<_>, Vec<_>) = voices.partition(|(helpful, _)| *helpful);
        let number = |said: &[_]| u32::try_from(said.len()).unwrap_or(u32::MAX);
        let (helpful, not_helpful) = (number(&helpful), number(&not));
        Reception { helpful, not_helpful, changed_at: self.changed_at }
    }
}

fn heard(journal: &dyn Reader, article: ArticleId) -> Result<Heard, Error> {
    let mut heard = Heard::default();
    for record in journal.history(Stream::Article(article))? {
        if let Event::Article(event) = &record.event {
            heard.hear(record.actor, event);
        }
    }
    Ok(heard)
}
