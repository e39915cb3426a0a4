package silkgate.tests.settings

import data.silkgate.examples

test_the_shipped_default_holds if {
	data.silkgate.settings.id_number_sensitive with input as {}
}

test_the_companys_own_outweighs_it if {
	data.silkgate.settings.id_number_sensitive == false with input as {} with data.silkgate.overlay as {"settings": {"id_number_sensitive": false}}
}

test_an_identity_number_may_be_ordinary if {
	decision := data.silkgate.decision with input as _number({}) with data.silkgate.overlay as {"settings": {"id_number_sensitive": false}}
	decision.counts == {"general": true, "sensitive": false}
}

test_by_default_it_is_sensitive if {
	decision := data.silkgate.decision with input as _number({})
	decision.counts == {"general": false, "sensitive": true}
}

test_a_person_may_be_in_one_tally_only if {
	decision := data.silkgate.decision with input as _number({"fields": [
		examples.field("/id", "pi_gov_id", "spi", "confirmed"),
		examples.field("/phone", "pi_contact_phone", "pi", "confirmed"),
	]})
		with data.silkgate.overlay as {"settings": {"count_in_both_tallies": false}}
	decision.counts == {"general": false, "sensitive": true}
}

test_by_default_a_person_is_in_both if {
	decision := data.silkgate.decision with input as _number({"fields": [
		examples.field("/id", "pi_gov_id", "spi", "confirmed"),
		examples.field("/phone", "pi_contact_phone", "pi", "confirmed"),
	]})
	decision.counts == {"general": true, "sensitive": true}
}

test_consent_may_be_asked_whatever_the_ground if {
	decision := data.silkgate.decision with input as examples.order({}) with data.silkgate.overlay as {"settings": {"consent_for_every_ground": true}}
	examples.codes(decision) == {"cn.pipl.art39.consent_missing"}
}

test_a_pass_through_may_be_refused if {
	decision := data.silkgate.decision with input as examples.members({
		"collected_in": "SG",
		"basis": {"exemption": "cn.order16.art4"},
		"bands": null,
	})
		with data.silkgate.overlay as {"settings": {"pass_through": false}}
	examples.codes(decision) == {"tally.unknown"}
}

_number(changes) := examples.members(object.union(
	{
		"purpose": "ai_customer_service",
		"fields": [examples.field("/id", "pi_gov_id", "spi", "confirmed")],
	},
	changes,
))
