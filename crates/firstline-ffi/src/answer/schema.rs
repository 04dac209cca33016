//! JSON Schema of all that goes through the header as JSON, besides commands and rulebooks, whose
//! schemas `firstline-core` has. What is committed in `schema/` is made here.

use std::path::Path;

use firstline::{
    Actor, Article, CalendarSpec, OpenTicket, Party, PartyId, Receipt, Record, Visitor,
};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::brief::BriefAnswer;
use super::failure::{FailureAnswer, OutcomeAnswer};
use super::journal::{DeliveryAnswer, HeadAnswer, OpenEffectAnswer, VerifiedAnswer};
use super::knowledge::{
    ArticleViewAnswer, ChoreAnswer, HitAnswer, LostQuestionAnswer, ResultsAnswer, SimilarAnswer,
};
use super::promise::{AccountAnswer, ForesightAnswer};
use super::rules::{DryRunAnswer, FindingAnswer, RulesAnswer, WhyNotAnswer};
use super::screen::{FormAnswer, WayAnswer};
use super::ticket::{
    ChoiceAnswer, PageAnswer, PartiesAnswer, SeenAnswer, TicketAnswer, ViewAnswer,
};
use super::visits::{DeflectionAnswer, GapsAnswer, VisitAnswer};
use crate::knowledge::SearchQuestion;
use crate::party::PartiesQuestion;
use crate::question::TicketsQuestion;
use crate::visits::NoteStep;

/// An object with the schemas of types by names.
macro_rules! properties {
    ($generator:expr, $($name:ident: $type:ty,)+) => {{
        let mut properties = Map::new();
        $(properties.insert(
            stringify!($name).to_owned(),
            $generator.subschema_for::<$type>().to_value(),
        );)+
        json!({ "type": "object", "properties": properties, "additionalProperties": false })
    }};
}

/// What functions answer with, each by its name.
fn answers() -> Value {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let schema = properties!(generator,
        fl_error_json: FailureAnswer<'_>,
        fl_rulebook_check: Vec<FindingAnswer>,
        fl_restore: VerifiedAnswer,
        fl_desk_rulebook: RulesAnswer,
        fl_desk_dry_run: DryRunAnswer,
        fl_desk_execute: Receipt,
        fl_desk_execute_all: Vec<OutcomeAnswer>,
        fl_desk_preview: Vec<Record>,
        fl_desk_ticket: TicketAnswer,
        fl_desk_tickets: PageAnswer,
        fl_desk_views: Vec<ViewAnswer>,
        fl_desk_timeline: Vec<Record>,
        fl_desk_timeline_seen_by: Vec<SeenAnswer>,
        fl_desk_records: Vec<Record>,
        fl_desk_explain: AccountAnswer,
        fl_desk_brief: BriefAnswer,
        fl_desk_forecast: ForesightAnswer,
        fl_desk_why_not: WhyNotAnswer,
        fl_desk_choose_agent: ChoiceAnswer,
        fl_desk_ways: Vec<WayAnswer>,
        fl_desk_form: Option<FormAnswer>,
        fl_desk_form_of_request: Option<FormAnswer>,
        fl_desk_party: Party,
        fl_desk_find_parties: PartiesAnswer,
        fl_desk_search: ResultsAnswer,
        fl_desk_suggest: Vec<HitAnswer>,
        fl_desk_similar: SimilarAnswer,
        fl_desk_article: Article,
        fl_desk_read_article: ArticleViewAnswer,
        fl_desk_check_articles: Vec<LostQuestionAnswer>,
        fl_desk_article_chores: Vec<ChoreAnswer>,
        fl_desk_answer: Vec<HitAnswer>,
        fl_desk_answer_page: ResultsAnswer,
        fl_desk_visits: Vec<VisitAnswer>,
        fl_desk_deflection: DeflectionAnswer,
        fl_desk_gaps: GapsAnswer,
        fl_desk_effects: Vec<DeliveryAnswer>,
        fl_desk_open_effects: Vec<OpenEffectAnswer>,
        fl_desk_head: Option<HeadAnswer>,
        fl_desk_verify: VerifiedAnswer,
        fl_desk_export: VerifiedAnswer,
        fl_desk_import: VerifiedAnswer,
        fl_desk_erase: Receipt,
    );
    document(
        generator,
        schema,
        "Answers of the C library of firstline",
        "What a function answers with is valid against the property of its name. Later versions may \
         add fields and words to what is here; those that are required stay.",
    )
}

/// What functions take, each by its name, by the names of their arguments.
fn questions() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let tickets = properties!(generator, question: TicketsQuestion,);
    let command = json!({ "description": "A command, as in command.json.", "type": "object" });
    let schema = json!({
        "type": "object",
        "properties": {
            "fl_desk_tickets": tickets,
            "fl_desk_count": tickets,
            "fl_desk_views": tickets,
            "fl_desk_party": properties!(generator, party: PartyId,),
            "fl_desk_find_parties": properties!(generator, question: PartiesQuestion,),
            "fl_desk_search": properties!(generator, question: SearchQuestion,),
            "fl_desk_answer": properties!(generator, visitor: Visitor, question: SearchQuestion,),
            "fl_desk_answer_page": properties!(generator, visitor: Visitor, question: SearchQuestion,),
            "fl_desk_ways": properties!(generator, actor: Actor,),
            "fl_desk_form": properties!(generator, actor: Actor,),
            "fl_desk_form_of_request": properties!(generator, request: OpenTicket, actor: Actor,),
            "fl_desk_note": properties!(generator, step: NoteStep,),
            "fl_desk_erase": properties!(generator, actor: Actor,),
            "fl_calendar_from_json": properties!(generator, json: CalendarSpec,),
            "fl_desk_execute": { "type": "object", "properties": { "command": command } },
            "fl_desk_preview": { "type": "object", "properties": { "command": command } },
            "fl_desk_execute_all": {
                "type": "object",
                "properties": { "commands": { "type": "array", "items": command } },
            },
        },
        "additionalProperties": false,
    });
    document(
        generator,
        schema,
        "Questions to the C library of firstline",
        "What a function takes as JSON, by the name of the function and that of the argument. Commands \
         are in command.json.",
    )
}

fn document(mut generator: SchemaGenerator, schema: Value, title: &str, about: &str) -> Value {
    let Value::Object(mut document) = schema else { unreachable!("it is made above") };
    let draft = "https://json-schema.org/draft/2020-12/schema";
    for (key, value) in [("$schema", draft), ("title", title), ("description", about)] {
        document.insert(key.to_owned(), value.into());
    }
    document.insert("$defs".to_owned(), generator.take_definitions(true).into());
    document.into()
}

/// Compares a committed schema with that of the code, and writes it if it is asked to.
#[track_caller]
fn is_kept(file: &str, now: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(file);
    let now = format!("{now:#}\n");
    if std::env::var_os("FIRSTLINE_WRITE").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    assert!(
        std::fs::read_to_string(&path).unwrap() == now,
        "schema/{file} is not that of the code; \
         FIRSTLINE_WRITE=1 cargo test -p firstline-ffi --lib schema writes it"
    );
}

#[test]
fn the_schema_of_answers_is_that_of_the_code() {
    is_kept("answers.json", &answers());
}

#[test]
fn the_schema_of_questions_is_that_of_the_code() {
    is_kept("questions.json", &questions());
}
