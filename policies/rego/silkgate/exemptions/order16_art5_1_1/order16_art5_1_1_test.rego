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

test_of_a_purpose_of_the_companys_own if {
	data.silkgate.exemptions.order16_art5_1_1.exemption with input as _gifts({}) with data.silkgate.overlay as _own({})
}

test_only_where_its_profile_says_so if {
	not data.silkgate.exemptions.order16_art5_1_1.exemption with input as _gifts({}) with data.silkgate.overlay as _own({"exemptions": []})
}

test_not_where_nothing_necessary_leaves if {
	not data.silkgate.exemptions.order16_art5_1_1.exemption with input as _gifts({}) with data.silkgate.overlay as _own({"necessary": ["pi_delivery"]})
}

_gifts(changes) := examples.order(object.union({"purpose": "gifts", "basis": {"ground": "contract", "exemption": "cn.order16.art5.1.1"}}, changes))

_own(changes) := {"profiles": {"gifts": object.union(
	{
		"en": "Gifts", "zh": "礼品",
		"grounds": ["contract"], "exemptions": ["cn.order16.art5.1.1"], "necessary": ["pi_contact_phone"],
		"treatments": {"pi_contact_phone": "keep", "pi_account": "keep"},
		"hold": [], "replaceable": [], "agreements": {}, "destinations": {},
	},
	changes,
)}}
