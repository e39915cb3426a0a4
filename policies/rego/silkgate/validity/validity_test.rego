package silkgate.tests.validity

import data.silkgate.examples

test_a_consent_is_whole if {
	not data.silkgate.validity.ok with input as examples.members({"basis": {"consent": {"ref": 1}}})
}

test_a_mechanism_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"basis": {"mechanism": examples.mechanism("handshake", "2029-01-01")}})
}

test_a_date_is_a_date if {
	not data.silkgate.validity.ok with input as examples.order({"at": "2026-13-01"})
}

test_a_band_is_not_empty if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(5, 5, 0, 1)})
}

test_a_band_is_not_negative if {
	not data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(-1, 5, 0, 1)})
}

test_a_verdict_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [examples.field("/x", "pi_basic", "pi", "sure")]})
}

test_a_level_is_known if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [examples.field("/x", "pi_basic", "top", "likely")]})
}

test_a_country_is_two_letters if {
	not data.silkgate.validity.ok with input as examples.order({"destination": "sg"})
}

test_a_ciio_flag_is_a_boolean if {
	not data.silkgate.validity.ok with input as examples.order({"exporter": {"ciio": "no"}})
}

test_a_whole_question_is_valid if {
	data.silkgate.validity.ok with input as examples.members({"basis": {"mechanism": examples.mechanism("certification", "2029-01-01")}})
}

test_the_topmost_band_is_open if {
	data.silkgate.validity.ok with input as examples.order({"bands": examples.bands(1000000, null, 10000, null)})
}

test_a_category_has_no_slash if {
	not data.silkgate.validity.ok with input as examples.order({"fields": [examples.field("/a", "pi_basic/PERSON", "pi", "likely")]})
}
