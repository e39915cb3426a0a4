package silkgate.tests.approvals

import data.silkgate.examples

_guardian := "cn.pipl.art31.guardian_consent"

_child := {"settings": {"minor_purposes": ["order_fulfilment"]}}

_two := {"settings": {"minor_purposes": ["order_fulfilment"], "two_person_reviews": [_guardian]}}

_approved(persons) := examples.order({"approvals": [{"code": _guardian, "persons": persons}]})

test_without_approval_a_person_must_look if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as _child
	decision.outcome == "review"
}

test_an_approval_lifts_the_review_it_names if {
	decision := data.silkgate.decision with input as _approved(1) with data.silkgate.overlay as _child
	decision.outcome == "allow"
	decision.needs == []
}

test_an_approval_of_something_else_lifts_nothing if {
	decision := data.silkgate.decision with input as examples.order({"approvals": [{"code": "cn.order16.art2.candidate", "persons": 2}]}) with data.silkgate.overlay as _child
	decision.outcome == "review"
}

test_where_two_persons_are_wanted_one_is_not_enough if {
	decision := data.silkgate.decision with input as _approved(1) with data.silkgate.overlay as _two
	decision.outcome == "review"
}

test_where_two_persons_are_wanted_two_are_enough if {
	decision := data.silkgate.decision with input as _approved(2) with data.silkgate.overlay as _two
	decision.outcome == "allow"
}

test_an_approval_is_no_route if {
	decision := data.silkgate.decision with input as examples.order({
		"approvals": [{"code": _guardian, "persons": 2}],
		"basis": {"exemption": null, "mechanism": null, "consent": null, "ground": "contract"},
		"bands": {"general": {"at_least": 1000000, "below": null}, "sensitive": {"at_least": 0, "below": 1}},
	})
		with data.silkgate.overlay as _child
	decision.outcome == "deny"
}

test_an_approval_of_no_shape_is_no_question if {
	decision := data.silkgate.decision with input as examples.order({"approvals": [{"code": _guardian, "persons": "2"}]}) with data.silkgate.overlay as _child
	decision.outcome == "deny"
}
