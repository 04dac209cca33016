//! What is done on a ticket beside its way through the desk, at random.

use proptest::prelude::*;
use proptest::sample::select;

use crate::*;

/// Checklists, approvals, files, followers, ratings, what it is about. Some of it is refused.
pub(super) fn deed() -> impl Strategy<Value = TicketAction> {
    let text = || "words".to_owned();
    let kind = prop::option::of(select(vec![Kind::Question, Kind::Incident, Kind::Task]));
    let need = prop::option::of(select(Need::ALL.to_vec()));
    let checklist = prop_oneof![
        Just(ChecklistAction::Add { items: vec![text(), text()] }),
        (0..4_u32).prop_map(|item| ChecklistAction::Tick { item }),
        (0..4_u32).prop_map(|item| ChecklistAction::Untick { item }),
    ];
    let sign = (0..3_u32, any::<bool>()).prop_map(move |(approval, approved)| {
        ApprovalAction::Sign { approval, name: text(), meaning: text(), approved }
    });
    let withdraw =
        (0..3_u32).prop_map(move |approval| ApprovalAction::Withdraw { approval, reason: text() });
    let of = select(vec![None, Some(Actor::Agent(AgentId(1))), Some(Actor::System)]);
    let ask = of.prop_map(move |of| ApprovalAction::Ask { what: text(), of });
    let approval = prop_oneof![ask, sign, withdraw];
    let file = Attachment {
        name: text(),
        media_type: "text/plain".into(),
        size: 5,
        hash: "sha256:0".into(),
        locator: text(),
    };
    let who = || {
        let people = vec![PartyId::Contact(ContactId(1)), PartyId::Agent(AgentId(1))];
        prop_oneof![4 => select(people), 1 => Just(PartyId::Organization(OrganizationId(1)))]
    };
    let tier = prop::option::of(Just("gold".to_owned()));
    prop_oneof![
        8 => (kind, need).prop_map(|(kind, need)| {
            TicketAction::Describe { kind, need, discipline: None }
        }),
        4 => tier.prop_map(|tier| {
            TicketAction::Cover { equipment: Some(Some(EquipmentId(1))), contract: None, tier: Some(tier) }
        }),
        4 => correction().prop_map(|it| TicketAction::Correct(Box::new(it))),
        4 => checklist.prop_map(TicketAction::Checklist),
        4 => approval.prop_map(TicketAction::Approval),
        2 => prop::option::of(0..4_u32).prop_map(move |message| {
            TicketAction::Attach { message, files: vec![file.clone()] }
        }),
        2 => who().prop_map(|who| TicketAction::Follow { who }),
        2 => who().prop_map(|who| TicketAction::Unfollow { who }),
        2 => (0..7_u8).prop_map(|score| TicketAction::Rate { score, comment: None }),
        2 => (0..9_u64).prop_map(|tens| {
            TicketAction::LogWork(WorkEntry { service: None, amount: tens * 10, from: None, note: None })
        }),
        1 => Just(TicketAction::MarkSpam),
        1 => Just(TicketAction::UnmarkSpam),
    ]
}

/// What was said wrongly at the opening. Policies go by the organization.
fn correction() -> impl Strategy<Value = Correction> {
    let organization = prop::option::of((1..4_u64).prop_map(OrganizationId));
    let subject = prop::option::of(select(vec!["Printer", "Scanner", ""]));
    let channel = prop::option::of(select(vec![Channel::Phone, Channel::Mail]));
    (prop::option::of(organization), prop::option::of(1..3_u64), subject, channel).prop_map(
        |(organization, requester, subject, channel)| Correction {
            subject: subject.map(str::to_owned),
            requester: requester.map(ContactId),
            organization,
            channel,
            ..Correction::default()
        },
    )
}
