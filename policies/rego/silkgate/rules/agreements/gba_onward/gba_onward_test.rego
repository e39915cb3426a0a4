package silkgate.tests.rules.agreements.gba_onward

import data.silkgate.examples

test_onward_out_of_the_area_is_denied if {
	"gba.onward" in {reason.code | some reason in data.silkgate.rules.agreements.gba_onward.deny} with input as examples.members({"origin": "HK"})
}

test_within_the_area_it_is_not if {
	count(data.silkgate.rules.agreements.gba_onward.deny) == 0 with input as examples.members({"origin": "HK", "destination": "MO"})
}

test_its_own_data_is_not if {
	count(data.silkgate.rules.agreements.gba_onward.deny) == 0 with input as examples.members({"origin": "HK", "collected_in": "HK"})
}

test_the_contract_forbids_onward_transfer if {
	"gba.no_onward" in data.silkgate.rules.agreements.gba_onward.obligations with input as examples.members({"destination": "HK", "exporter": {"zone": "gba-shenzhen"}, "basis": {"mechanism": examples.mechanism("gba_contract", "2029-03-01")}})
}

test_another_contract_has_no_such_duty if {
	obligations := data.silkgate.rules.agreements.gba_onward.obligations with input as examples.members({"destination": "HK", "exporter": {"zone": "gba-shenzhen"}, "basis": {"mechanism": examples.mechanism("standard_contract", "2029-03-01")}})
	count(obligations) == 0
}

test_nor_has_what_holds_nobody if {
	obligations := data.silkgate.rules.agreements.gba_onward.obligations with input as examples.members({"destination": "HK", "exporter": {"zone": "gba-shenzhen"}, "basis": {"mechanism": examples.mechanism("gba_contract", "2029-03-01")}, "fields": []})
	count(obligations) == 0
}
