package silkgate.tests.tally

import data.silkgate.examples

test_few_and_none_sensitive_is_exempt if {
	data.silkgate.tally.exempt_by_volume with input as _year(0, 100000, 0, 1)
}

test_one_sensitive_person_this_year_ends_it if {
	not data.silkgate.tally.exempt_by_volume with input as _year(0, 100000, 1, 10000)
}

test_and_so_does_one_that_may_have_been if {
	not data.silkgate.tally.exempt_by_volume with input as _year(0, 100000, 0, 10000)
}

test_a_hundred_thousand_ends_it if {
	not data.silkgate.tally.exempt_by_volume with input as _year(100000, 1000000, 0, 1)
}

test_a_contract_is_due_from_a_hundred_thousand_on if {
	data.silkgate.tally.contract_due with input as _year(100000, 1000000, 0, 1)
}

test_a_contract_is_due_from_one_sensitive_person_on if {
	data.silkgate.tally.contract_due with input as _year(0, 100000, 1, 10000)
}

test_a_contract_is_not_enough_for_a_million if {
	data.silkgate.tally.contract_due == false with input as _year(1000000, null, 0, 1)
}

test_a_contract_is_not_enough_for_ten_thousand_sensitive_persons if {
	data.silkgate.tally.contract_due == false with input as _year(100000, 1000000, 10000, null)
}

test_an_assessment_is_due_from_a_million_on if {
	data.silkgate.tally.assessment_due with input as _year(1000000, null, 0, 1)
}

test_an_assessment_is_due_from_ten_thousand_sensitive_persons_on if {
	data.silkgate.tally.assessment_due with input as _year(0, 100000, 10000, null)
}

test_what_may_lie_on_either_side_is_not_known if {
	not data.silkgate.tally.known with input as _year(0, 1000000, 0, 1)
}

_year(general_at_least, general_below, sensitive_at_least, sensitive_below) := examples.members({"bands": examples.bands(general_at_least, general_below, sensitive_at_least, sensitive_below)})
