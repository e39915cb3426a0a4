package silkgate.tests.rules.agreements.pilot

import data.silkgate.examples

test_without_a_pilot_there_is_no_cap if {
	rule := data.silkgate.rules.agreements.pilot with input as examples.members({})
	count(rule.deny) == 0
	count(rule.obligations) == 0
}

test_a_pilot_opens_what_the_profile_leaves_open if {
	decision := data.silkgate.decision with input as _enrolled({}) with data.silkgate.overlay as _pilot({})
	examples.treatment(decision, "/x") == ["generalize"]
	"pilot.sandbox" in decision.obligations
	decision.outcome == "allow"
}

test_a_pilot_opens_nothing_else if {
	decision := data.silkgate.decision with input as _enrolled({"fields": [examples.field("/x", "pi_gov_id", "spi", "confirmed")]}) with data.silkgate.overlay as _pilot({})
	examples.treatment(decision, "/x") == ["suppress"]
}

test_a_pilot_ends if {
	decision := data.silkgate.decision with input as _enrolled({"at": "2027-01-01"}) with data.silkgate.overlay as _pilot({})
	examples.treatment(decision, "/x") == ["suppress"]
}

test_a_pilot_is_for_its_recipients if {
	decision := data.silkgate.decision with input as _enrolled({"recipient": {"name": "Another Ltd"}}) with data.silkgate.overlay as _pilot({})
	examples.treatment(decision, "/x") == ["suppress"]
}

test_and_for_its_exporters if {
	decision := data.silkgate.decision with input as _enrolled({}) with data.silkgate.overlay as _pilot({"exporters": ["another-cn"]})
	examples.treatment(decision, "/x") == ["suppress"]
}

test_and_its_destinations if {
	decision := data.silkgate.decision with input as _enrolled({}) with data.silkgate.overlay as _pilot({"destinations": ["SG"]})
	examples.treatment(decision, "/x") == ["suppress"]
}

test_and_its_purposes if {
	decision := data.silkgate.decision with input as _enrolled({}) with data.silkgate.overlay as _pilot({"purposes": ["marketing"]})
	examples.treatment(decision, "/x") == ["suppress"]
}

test_its_first_day_and_its_last if {
	decision := data.silkgate.decision with input as _enrolled({}) with data.silkgate.overlay as _pilot({"from": "2026-11-22", "until": "2026-11-22"})
	examples.treatment(decision, "/x") == ["generalize"]
}

test_a_pilot_has_not_begun if {
	decision := data.silkgate.decision with input as _enrolled({}) with data.silkgate.overlay as _pilot({"from": "2026-11-23"})
	examples.treatment(decision, "/x") == ["suppress"]
}

test_a_pilot_is_capped if {
	decision := data.silkgate.decision with input as _enrolled({"bands": examples.within("pilot.sandbox", null, null, null)}) with data.silkgate.overlay as _pilot({})
	examples.codes(decision) == {"pilot.cap"}
}

test_a_tally_nobody_told_of_is_for_a_person if {
	decision := data.silkgate.decision with input as _question({"bands": examples.bands(0, 5000, 0, 1)}) with data.silkgate.overlay as _pilot({})
	decision.outcome == "review"
	examples.codes(decision) == {"pilot.tally_unknown"}
	decision.needs == ["bands.within"]
}

test_before_the_count_nothing_is_missing if {
	rule := data.silkgate.rules.agreements.pilot with input as _enrolled({"bands": null}) with data.silkgate.overlay as _pilot({})
	count(rule.review) == 0
	count(rule.needs) == 0
	count(rule.deny) == 0
}

_enrolled(changes) := _question(object.union({"bands": examples.within("pilot.sandbox", 5000, null, null)}, changes))

_question(changes) := examples.members(object.union(
	{
		"exporter": {"pilots": ["sandbox"]},
		"fields": [examples.field("/x", "pi_browsing", "pi", "confirmed")],
	},
	changes,
))

_pilot(changes) := {"pilots": {"sandbox": object.union(_programme, changes)}}

_programme := {
	"exporters": ["acme-cn"],
	"destinations": ["KE"],
	"recipients": ["Insight Partners Ltd"],
	"purposes": ["analytics"],
	"treatments": {"pi_browsing": "generalize", "pi_gov_id": "keep"},
	"from": "2026-01-01",
	"until": "2026-12-31",
	"below_persons": 5000,
}
