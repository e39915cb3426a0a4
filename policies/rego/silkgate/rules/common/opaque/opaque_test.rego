package silkgate.tests.rules.common.opaque

import data.silkgate.examples

test_what_was_read_is_no_concern if {
	count(data.silkgate.rules.common.opaque.deny) == 0 with input as examples.order({})
}

test_nobody_vouched if {
	data.silkgate.rules.common.opaque.needs == {"overlay.opaque"} with input as _picture({}) with data.silkgate.overlay as {"opaque": {}}
}

test_not_for_this_type if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as {"opaque": {"sg-fulfilment": {"image/jpeg": _fact}}}
}

test_not_for_this_route if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as {"opaque": {"other": {"image/png": _fact}}}
}

test_somebody_vouched if {
	count(data.silkgate.rules.common.opaque.deny) == 0 with input as _picture({}) with data.silkgate.overlay as _vouched({})
}

test_nobody_need_look_then if {
	count(data.silkgate.rules.common.opaque.review) == 0 with input as _picture({}) with data.silkgate.overlay as _vouched({})
}

test_not_for_ever if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"until": "2026-11-21"})
}

test_not_for_more_bytes if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"max_bytes": 999})
}

test_not_without_a_name if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"by": ""})
}

test_not_for_other_files_than_those_named if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"sha256": ["cd"]})
}

test_for_the_files_named if {
	count(data.silkgate.rules.common.opaque.deny) == 0 with input as _picture({}) with data.silkgate.overlay as _vouched({"sha256": ["cd", "ab"]})
}

test_every_part_is_asked_about if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({"opaque": [
		{"media": "image/png", "bytes": 1000, "sha256": "ab"},
		{"media": "application/pdf", "bytes": 1000, "sha256": "ef"},
	]})
		with data.silkgate.overlay as _vouched({})
}

test_a_person_looks_at_each_where_the_fact_says_so if {
	{reason.code | some reason in data.silkgate.rules.common.opaque.review} == {"opaque.review"} with input as _picture({}) with data.silkgate.overlay as _vouched({"review": true})
}

test_an_approval_settles_the_look if {
	data.silkgate.decision.outcome == "allow" with input as _picture({"approvals": [{"code": "opaque.review", "persons": 1}]}) with data.silkgate.overlay as _vouched({"review": true})
}

test_without_one_it_waits if {
	data.silkgate.decision.outcome == "review" with input as _picture({}) with data.silkgate.overlay as _vouched({"review": true})
}

test_what_is_malformed_is_denied if {
	{reason.code | some reason in data.silkgate.decision.reasons} == {"input.invalid"} with input as _picture({"opaque": [{"media": "image/png"}]})
}

test_who_vouched_is_no_text if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"by": 5})
}

test_not_without_a_reason if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"why": ""})
}

test_the_reason_is_no_text if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"why": 5})
}

test_until_a_day_that_is_none if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"until": "for ever"})
}

test_on_its_last_day if {
	count(data.silkgate.rules.common.opaque.deny) == 0 with input as _picture({}) with data.silkgate.overlay as _vouched({"until": "2026-11-22"})
}

test_up_to_so_many_bytes if {
	count(data.silkgate.rules.common.opaque.deny) == 0 with input as _picture({}) with data.silkgate.overlay as _vouched({"max_bytes": 1000})
}

test_a_number_of_bytes_that_is_none if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"max_bytes": "many"})
}

test_files_that_are_no_list if {
	_denied(data.silkgate.rules.common.opaque.deny) with input as _picture({}) with data.silkgate.overlay as _vouched({"sha256": ""})
}

test_what_nobody_vouches_for_is_not_looked_at if {
	rule := data.silkgate.rules.common.opaque with input as _picture({}) with data.silkgate.overlay as _vouched({"review": true, "until": "2026-11-21"})
	count(rule.review) == 0
	rule.needs == {"overlay.opaque"}
}

test_a_fact_that_was_given_is_not_missing if {
	rule := data.silkgate.rules.common.opaque with input as _picture({}) with data.silkgate.overlay as _vouched({})
	count(rule.needs) == 0
}

_fact := {"by": "Wang", "why": "product photos", "until": "2027-01-31", "max_bytes": 5000, "sha256": [], "review": false}

_vouched(changes) := {"opaque": {"sg-fulfilment": {"image/png": object.union(_fact, changes)}}}

_picture(changes) := object.union(
	examples.order({}),
	object.union({"opaque": [{"media": "image/png", "bytes": 1000, "sha256": "ab"}]}, changes),
)

_denied(denials) if {reason.code | some reason in denials} == {"opaque.unvouched"}
