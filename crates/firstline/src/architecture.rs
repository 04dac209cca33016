//! How the house is built: a tour of five minutes.
//!
//! # The rooms
//!
//! ```text
//!   firstline-ffi ──▶ firstline ──▶ firstline-store ─────▶┐
//!                         │                               ├──▶ firstline-core ──▶ firstline-sla ──▶ firstline-calendar
//!                         └───────▶ firstline-knowledge ─▶┘
//! ```
//!
//! A crate is a wall around something that must not leak:
//!
//! | crate | is | only it knows |
//! |---|---|---|
//! | `firstline-calendar` | working time | time zones |
//! | `firstline-sla` | promises: clocks, warnings, ladders | when a promise is kept |
//! | `firstline-core` | the rules of a desk | tickets, articles, the rulebook |
//! | `firstline-store` | the journal and its tables | SQL |
//! | `firstline-knowledge` | search | tantivy |
//! | `firstline` | the desk that a host embeds | which comes first |
//! | `firstline-ffi` | the C library | `unsafe` |
//!
//! The calendar, the promises and the rules are functions: no file, no clock, no lots, no map with
//! a random order. Time is their last argument. A test reads the manifests and the sources and
//! fails on any other arrow and on any of these.
//!
//! # The way of a command
//!
//! ```text
//!  Desk::execute                                      firstline         desk/execute.rs
//!    │  begin a transaction: one writer at a time     firstline-store
//!    │  known command id? ───────────▶ first receipt
//!    │  the time, never before the last record's
//!    │  load the ticket
//!    ▼
//!  carry_out(ticket, action, by, rulebook, now)       firstline-core    ticket/decide.rs
//!    │  settle what was due before now                                  ticket/promises.rs
//!    │  refuse, or say what happens ─────────────────▶ Refusal
//!    │  what follows by the rules of the desk                           ticket/automation.rs
//!    │  apply each event to the ticket                                  ticket/apply.rs
//!    ▼
//!  append: records, state, wake time, errands         firstline-store
//!  commit: one fsync; now it is acknowledged
//! ```
//!
//! An alarm goes the same way: [`Desk::handle_timeout`](crate::Desk::handle_timeout) asks the
//! journal whose wake time has come, and gives each such ticket the command `wake`. Since every
//! command begins by settling what is due, it makes no difference whether the alarm or the command
//! comes first, or how late either is.
//!
//! # Truth, and what is derived from it
//!
//! The records are the truth. Each is an event, a fact in the past tense that carries results: a
//! deadline, never "two working hours". So to replay them takes neither the calendar nor the
//! rulebook of their time, and no later edit of either rewrites history. They are numbered without
//! holes and chained by hash: [`Desk::verify`](crate::Desk::verify) finds the first one that is
//! missing or altered.
//!
//! Beside them stand two small things that no record says: what came of commands that changed nothing,
//! so that they are answered alike when they are sent again, and the outbox, which knows what the host
//! has not done yet of what records ask for. Everything else could be deleted and would come back
//! equal:
//!
//! - The state of a ticket is the sum of its records. It is written in the transaction that appends
//!   them.
//! - The list of wake times, the lists behind [`Desk::tickets`](crate::Desk::tickets), the queues in
//!   which tickets wait and what each agent has to do follow from the states, in the same transaction.
//! - The search index follows the journal when somebody asks it something, and so do the index of
//!   tickets that are like others and that of conversations. How far each has read is part of its own
//!   commit, so a crash in between makes it read again and never skip. What the index of conversations
//!   has not read yet is looked at as it is by whoever asks for words: so a list is never behind.
//!
//! Nothing can be lost when the power fails, because nothing is acknowledged before its
//! transaction is on disk, and a transaction is there whole or not at all. Callers on several
//! threads share transactions: whoever gets the journal takes along what others have asked for
//! meanwhile, so the disk is asked once for all of them.
//!
//! What the search learns from solved tickets is not kept anywhere: cases vote when somebody asks. The
//! log of visits, by which answers are measured, stands beside the journal as a file of its own; only
//! figures depend on it.
//!
//! A person can be erased: the words go out of the records, their hashes stay in the chain, and a
//! record says that it was done. So nothing else can go without being missed.
//!
//! # Where to change what
//!
//! | to change | see |
//! |---|---|
//! | when a clock pauses, is fulfilled, is broken | `firstline-sla/src/decide.rs` |
//! | what rings when, and what a change puts into the past | `firstline-sla/src/schedule.rs` |
//! | what starts and ends a metric; a new metric | `firstline-core/src/ticket/promises.rs`, `Metric` in `firstline-sla/src/key.rs` |
//! | what is usual for a metric; which policy applies | `firstline-core/src/rulebook/policy.rs` |
//! | other priority, policy, rules; dates fixed by hand | `firstline-core/src/ticket/promises/terms.rs` |
//! | what a step of a ladder does; paging | `firstline-core/src/ticket/promises/ladder.rs`, `page.rs`; rosters in `firstline-sla/src/roster.rs` |
//! | what a desk does by itself: triggers, timed rules, macros | `firstline-core/src/automation.rs`, `firstline-core/src/ticket/automation.rs` |
//! | what a letter of a rule can say, and who tells it the names | `firstline-core/src/automation/letter.rs`, `firstline/src/desk/letters.rs` |
//! | what becomes of the tickets that there are when other rules come into force | `firstline/src/desk/review.rs`, `firstline/src/desk/stir.rs` |
//! | how rules are written, and what is refused | `firstline-core/src/rulebook/authored/rules.rs`, `firstline-core/src/rulebook/check/rules.rs` |
//! | who gets a ticket, and why not the others | `firstline-core/src/routing.rs` |
//! | how a ticket waits in the queue, is offered and declined; when the queue is worked off | `firstline-core/src/ticket/queue.rs`, `firstline/src/desk/dispatch.rs` |
//! | who had a ticket when, who knows the matter; what an agent has to do | `firstline-core/src/ticket/had.rs`, `firstline-core/src/routing/workload.rs`, `firstline-store/src/sqlite/work.rs` |
//! | which facts make a difference to who gets what | `firstline-core/src/ticket/queue/bearing.rs` |
//! | parts and wholes, problems and incidents, duplicates, follow-ups, links | `firstline-core/src/ticket/relation.rs`, `firstline/src/desk/relate.rs` |
//! | merge, its undoing, split; several promises of one answer | `firstline-core/src/ticket/merge.rs`, `together.rs` |
//! | what a verdict is explained by, and in which words | `firstline-sla/src/explain/`, `firstline-core/src/account.rs` |
//! | what a list can be asked for, and how that is typed | `firstline-core/src/filter/fields.rs`, `firstline-store/src/sqlite/find/condition.rs` |
//! | what a condition can ask of a ticket | `firstline-core/src/rulebook/fields.rs` |
//! | fields of a desk's own, and forms | `firstline-core/src/custom.rs`, `firstline-core/src/ticket/fields.rs`, `firstline-core/src/rulebook/check/forms.rs` |
//! | what a host is asked to do | `firstline-core/src/effect.rs` |
//! | who gets it when, what becomes of it if it fails | `firstline-store/src/outbox.rs` |
//! | what is known of people, equipment and contracts | `firstline-core/src/people/` |
//! | work that comes again, and what becomes of dates that were missed | `firstline-core/src/people/plan.rs`, `firstline/src/desk/plans.rs` |
//! | by which words they are found | `firstline-core/src/people/words.rs` |
//! | what a ticket is about, checklists, approvals, files, work and its cost | `firstline-core/src/ticket/about.rs`, `checklist.rs`, `approval.rs`, `attachment.rs`, `time.rs` |
//! | what a ticket was opened with by mistake, put right | `firstline-core/src/ticket/correction.rs`, `firstline/src/desk/people.rs` |
//! | who follows a ticket; how content the customer is; spam | `firstline-core/src/ticket/followers.rs`, `rating.rs`, `dismissal.rs` |
//! | what a customer is told | `firstline-core/src/brief.rs` |
//! | which statuses there are, which may follow which; reopening, closing by itself, laying aside | `firstline-core/src/lifecycle.rs`, `firstline-core/src/ticket/steps.rs` |
//! | how lifecycles are written, and what is refused | `firstline-core/src/rulebook/authored/lifecycles.rs`, `firstline-core/src/rulebook/check/lifecycles.rs` |
//! | what a command does | `firstline-core/src/ticket/decide.rs` |
//! | what can be written in a rulebook, and what is refused | `firstline-core/src/rulebook/` |
//! | how several files become one rulebook, and where a finding stands | `firstline-core/src/rulebook/documents.rs`, `error.rs` |
//! | the rulebook's JSON Schema | `firstline-core/src/rulebook/authored/schema.rs` |
//! | the JSON Schema of what goes through C | `firstline-ffi/src/answer/schema.rs` |
//! | tables and their indexes | `firstline-store/src/sqlite/` |
//! | which words go when a person is erased | `TicketFact::without_words` in `firstline-core/src/ticket/fact.rs` |
//! | how callers share commits | `firstline/src/desk/group.rs` |
//! | copies, exports, erasures, compaction | `firstline/src/desk/care.rs`, `firstline-store/src/export.rs`, `export/import.rs`, `erase.rs` |
//! | how articles are found and ranked | `firstline-knowledge/src/` |
//! | what other languages can call, and how | `firstline-ffi/src/lib.rs` |
//! | what screens of other languages offer | `firstline-ffi/src/screen.rs` |
//! | which words find a ticket in a list, and how a list is never behind | `firstline-knowledge/src/conversations.rs`, `firstline/src/desk/conversations.rs` |
//! | what a customer may see of what happened | `firstline-core/src/ticket/fact/seen.rs` |
//! | how indexes follow the journal beside other processes, and come back; which journal it was | `firstline/src/desk/follow.rs`, `firstline/src/desk/origin.rs`, `firstline/src/desk/patience.rs`, `firstline-knowledge/src/shelf.rs` |
//! | which texts count for whom, and when | `firstline-knowledge/src/snapshot/sight.rs` |
//! | what solved tickets teach the search | `firstline-knowledge/src/experience.rs`, `cases/lessons.rs`, `rank/learned.rs` |
//! | which tickets are flagged as the same matter | `firstline-knowledge/src/cases/likeness.rs` |
//! | what a ticket is searched for by | `firstline-knowledge/src/cases/key_words.rs`, `firstline/src/desk/suggestions.rs` |
//! | what a reader sees of an article | `Article::edition_for` in `firstline-core/src/article.rs`, `firstline/src/desk/read.rs` |
//! | what answers are worth, and what is missing | `firstline-knowledge/src/deflection.rs`, `visits.rs`, `firstline/src/desk/visits.rs` |
//!
//! # How it is proved
//!
//! Rules are told as stories beside the code: who does what when, and what is recorded. Whoever
//! implements `Journal` sits the same exam, `firstline_store::conformance::check`. What runs through
//! several rooms is in `tests/`: the arrows, a desk on disk beside one in memory, several desks and
//! processes on one folder, a process killed at a random moment, a disk that fails, fills up and
//! forgets. What must hold for every sequence of commands
//! is a property test that says its name:
//!
//! | what always holds | proved by |
//! |---|---|
//! | every clock is what a second, naive implementation makes of the same history, also of tickets that are merged or split | `both_implementations_agree_on_every_clock_at_every_step`, `…_on_real_incidents` and their like in core |
//! | whichever ticket is merged into the other, the same is due; undone, nothing had happened | `merging` among the properties of core |
//! | how tickets stand to each other is what a naive account makes of what was said, also of tickets that are merged; undone, all relatives are as they were | `relation/properties.rs` in core |
//! | fifty rules at every command of real incidents: each at most once, none refuses anything, the same bytes again | `examples/incidents/ruled.rs` |
//! | the same commands at the same times give the same bytes | `determinism_…` in core, `a_desk_on_disk_and_a_desk_in_memory_stay_the_same` in `tests/` |
//! | events carry results, not recipes | `events_carry_results_…` in core, `replay_is_live` in sla |
//! | the alarm and the command commute | `the_alarm_and_the_command_commute` in core |
//! | late noticing is harmless | `late_noticing_is_harmless` in core, `a_late_wake_up_yields_the_same_facts_…` in sla |
//! | after a wake-up the next timeout lies after now | `progress_…` in core, `after_a_wake_up_…` in sla |
//! | time is conserved: counted + closed + paused = wall | `time_is_conserved` in sla |
//! | no input panics, and a refused command leaves nothing behind | `totality_…` in core, `bad_input` in `tests/` |
//! | what the host is asked to do is never lost, and in order for each ticket | the chapter on effects in the exam, `effects`, `crash` and `faults` in `tests/` |
//! | who decides upon an old version is told, if he asks for it | `sharing` in `tests/` |
//! | every command in every state is carried out or refused by name, under every rulebook that was accepted | `commands` among the properties of core |
//! | each date of a plan opens one ticket, however a desk sleeps | `plans` in `tests/` |
//! | words find what a look at all timelines finds, and nothing internal reaches a customer | `words` in `tests/`, `the_index_finds_what_…` in knowledge |
//! | nobody gets more than they have room for, nothing waits that somebody could have, nobody starves | `routing` in `tests/` |
//! | a command that is sent again is not carried out again | `a_desk_on_disk_…` and `crash` in `tests/` |
//! | time never runs back | `a_desk_on_disk_…`, whose clock steps back, and `verify` |
//! | what is derived comes back equal | `rebuild` in the exam of every journal, and `verify` |
