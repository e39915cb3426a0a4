package silkgate.tests.rules.cn.order16_art9_validity

import data.silkgate.examples

test_an_expired_route_is_denied if {
	"cn.order16.art9.expired" in {reason.code | some reason in data.silkgate.rules.cn.order16_art9_validity.deny} with input as examples.members({"basis": {"mechanism": examples.mechanism("standard_contract", "2026-11-21")}})
}

test_on_its_last_day_it_is_good if {
	count(data.silkgate.rules.cn.order16_art9_validity.deny) == 0 with input as examples.members({"basis": {"mechanism": examples.mechanism("standard_contract", "2026-11-22")}})
}

test_an_exempt_export_needs_none if {
	count(data.silkgate.rules.cn.order16_art9_validity.deny) == 0 with input as examples.order({"basis": {"mechanism": examples.mechanism("standard_contract", "2020-01-01")}})
}

test_an_assessment_is_extended_in_time if {
	"cn.order16.art9.extension" in data.silkgate.rules.cn.order16_art9_validity.obligations with input as examples.members({"basis": {"mechanism": examples.mechanism("security_assessment", "2027-02-14")}})
}

test_not_a_day_too_early if {
	not "cn.order16.art9.extension" in data.silkgate.rules.cn.order16_art9_validity.obligations with input as examples.members({"basis": {"mechanism": examples.mechanism("security_assessment", "2027-02-15")}})
}

test_a_certification_is_renewed_in_time if {
	"cn.order20.renewal" in data.silkgate.rules.cn.order16_art9_validity.obligations with input as examples.members({"basis": {"mechanism": examples.mechanism("certification", "2027-05-24")}})
}

test_and_not_too_early if {
	not "cn.order20.renewal" in data.silkgate.rules.cn.order16_art9_validity.obligations with input as examples.members({"basis": {"mechanism": examples.mechanism("certification", "2027-05-25")}})
}

test_it_asks_for_the_mechanism if {
	"basis.mechanism" in data.silkgate.rules.cn.order16_art9_validity.needs with input as examples.members({"basis": {"mechanism": examples.mechanism("standard_contract", "2026-11-21")}})
}

test_where_none_is_needed_none_is_asked_for if {
	count(data.silkgate.rules.cn.order16_art9_validity.needs) == 0 with input as examples.order({"basis": {"mechanism": examples.mechanism("standard_contract", "2020-01-01")}})
}

test_nor_where_it_is_good if {
	count(data.silkgate.rules.cn.order16_art9_validity.needs) == 0 with input as examples.members({"basis": {"mechanism": examples.mechanism("standard_contract", "2026-11-22")}})
}

test_only_an_assessment_is_extended if {
	obligations := data.silkgate.rules.cn.order16_art9_validity.obligations with input as examples.members({"basis": {"mechanism": examples.mechanism("certification", "2026-12-01")}})
	obligations == {"cn.order20.renewal"}
}

test_only_a_certification_is_renewed if {
	obligations := data.silkgate.rules.cn.order16_art9_validity.obligations with input as examples.members({"basis": {"mechanism": examples.mechanism("security_assessment", "2026-12-01")}})
	obligations == {"cn.order16.art9.extension"}
}
