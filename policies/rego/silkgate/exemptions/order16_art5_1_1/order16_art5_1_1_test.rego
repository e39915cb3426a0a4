package silkgate.tests.exemptions.order16_art5_1_1

import data.silkgate.examples

test_what_the_contract_needs if {
	"pi_contact_phone" in data.silkgate.exemptions.order16_art5_1_1.exemption.covers with input as examples.order({})
}

test_not_without_a_claim if {
	not data.silkgate.exemptions.order16_art5_1_1.exemption with input as examples.order({"basis": {"exemption": null}})
}

test_not_on_another_ground if {
	not data.silkgate.exemptions.order16_art5_1_1.exemption with input as examples.order({"basis": {"ground": "consent"}})
}

test_not_for_analysis if {
	not data.silkgate.exemptions.order16_art5_1_1.exemption with input as examples.members({"basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1"}})
}
