//! Effects in the form that message brokers and webhooks of all makes read: CloudEvents 1.0.

use firstline_core::Effect;
use serde::Serialize;

use crate::error::StoreError;
use crate::outbox::Delivery;

/// An effect as a CloudEvent 1.0, for [`serde_json`] to write in the JSON format (a structured-mode
/// message of the media type `application/cloudevents+json`).
///
/// | attribute | is |
/// |---|---|
/// | `id` | the key of the effect: the same at each attempt |
/// | `source` | what the host calls its desk; with `id` it is unique |
/// | `type` | `firstline.effect.` and the kind of effect, such as `notify` or `ring` |
/// | `subject` | the ticket, such as `ticket/42` |
/// | `time` | when it was to happen |
/// | `data` | the effect, with the record by which it is acknowledged, and the attempt |
#[derive(Clone, Debug, Serialize)]
pub struct CloudEvent<'d> {
    specversion: &'static str,
    id: &'d str,
    source: &'d str,
    r#type: String,
    subject: String,
    time: String,
    datacontenttype: &'static str,
    data: Data<'d>,
}

#[derive(Clone, Debug, Serialize)]
struct Data<'d> {
    record: u64,
    attempt: u32,
    #[serde(flatten)]
    effect: &'d Effect,
}

impl Delivery {
    /// The effect as a CloudEvent. `source` names the desk among the host's: a URI reference, such as
    /// `/desks/northwind` or `https://support.northwind.example`.
    ///
    /// # Errors
    ///
    /// [`StoreError::BadSource`] if it is no URI reference.
    pub fn cloud_event<'d>(&'d self, source: &'d str) -> Result<CloudEvent<'d>, StoreError> {
        if !is_uri_reference(source) {
            return Err(StoreError::BadSource { text: source.to_owned() });
        }
        let Self { record, attempt, effect, .. } = self;
        let kind = serde_json::to_value(&effect.kind).expect("its keys are texts");
        let kind = match &kind {
            serde_json::Value::String(word) => Some(word),
            kind => kind.as_object().and_then(|map| map.keys().next()),
        };
        Ok(CloudEvent {
            specversion: "1.0",
            id: effect.id.as_str(),
            source,
            r#type: format!("firstline.effect.{}", kind.map_or("other", |kind| kind)),
            subject: format!("ticket/{}", effect.ticket.0),
            time: effect.scheduled_at.to_string(),
            datacontenttype: "application/json",
            data: Data { record: *record, attempt: *attempt, effect },
        })
    }
}

/// Whether a text has only what RFC 3986 allows in a reference, and has something.
fn is_uri_reference(text: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte);
    let bytes = text.as_bytes();
    let is_sound = |(at, &byte): (usize, &u8)| match byte {
        b'%' => {
            let digits = bytes.get(at + 1..at + 3);
            digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
        }
        byte => is_allowed(byte),
    };
    !text.is_empty() && bytes.iter().enumerate().all(is_sound)
}

#[cfg(test)]
mod tests {
    use firstline_core::{ClockKey, Metric, Rung, TicketEvent, TicketFact, TicketId, Timestamp};

    use super::*;

    fn delivery() -> Delivery {
        let at: Timestamp = "2026-03-02T12:00:00.250Z".parse().unwrap();
        let step = Rung { clock: ClockKey::from(Metric::Resolution), cycle: 1, ladder: 0, step: 0 };
        let event = TicketEvent::new(at, TicketFact::Notified { role: "lead".into(), step });
        let effect = Effect::of(TicketId(42), &event).unwrap();
        Delivery { record: 17, recorded_at: at, attempt: 2, leased_until: at, effect }
    }

    #[test]
    fn it_has_every_attribute_that_the_standard_asks_for() {
        let delivery = delivery();
        let event = serde_json::to_value(delivery.cloud_event("/desks/northwind").unwrap());
        let expected = serde_json::json!({
            "specversion": "1.0",
            "id": "42/resolution/1/step.0/notify.lead",
            "source": "/desks/northwind",
            "type": "firstline.effect.notify",
            "subject": "ticket/42",
            "time": "2026-03-02T12:00:00.250Z",
            "datacontenttype": "application/json",
            "data": {
                "record": 17,
                "attempt": 2,
                "id": "42/resolution/1/step.0/notify.lead",
                "ticket": 42,
                "scheduled_at": 1_772_452_800_250_i64,
                "kind": { "notify": { "role": "lead" } },
            },
        });
        assert_eq!(event.unwrap(), expected);
    }

    #[test]
    fn its_source_is_a_uri_reference() {
        let delivery = delivery();
        for source in ["", "Northwind support", "/desks/100%", "/desks/Nordwind Büro", "a\nb"] {
            let refused = delivery.cloud_event(source).unwrap_err();
            assert_eq!(refused.to_string(), format!("`{source}` is no URI reference"));
        }
        for source in ["/d", "https://northwind.example:8080/a%20b?c=d#e", "urn:uuid:6e8b"] {
            delivery.cloud_event(source).unwrap();
        }
    }
}
