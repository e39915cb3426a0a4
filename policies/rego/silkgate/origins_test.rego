# Each rule of China's on the question it speaks to, from an origin it does not speak for.
package silkgate.tests.origins

import data.silkgate.examples

test_no_personal_data if {
	not data.silkgate.exemptions.order16_art3.exemption with input as _abroad({"fields": [examples.field("/a", "biz_product", "general", "likely")]})
}

test_pass_through if {
	not data.silkgate.exemptions.order16_art4.exemption with input as _abroad({"collected_in": "SG", "basis": {"exemption": "cn.order16.art4"}})
}

test_pass_through_of_nothing if {
	not data.silkgate.exemptions.order16_art4.exemption with input as examples.members({"collected_in": "SG", "basis": {"exemption": "cn.order16.art4"}, "fields": []})
}

test_contract if {
	not data.silkgate.exemptions.order16_art5_1_1.exemption with input as examples.order({"origin": "JP"})
}

test_contract_that_needs_nothing_of_it if {
	not data.silkgate.exemptions.order16_art5_1_1.exemption with input as examples.order({"fields": [examples.field("/a", "pi_account", "pi", "likely")]})
}

test_staff if {
	data.silkgate.exemptions.order16_art5_1_2.exemption with input as _staff({})
}

test_staff_abroad if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as _staff({"origin": "JP"})
}

test_staff_without_a_claim if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as _staff({"basis": {"ground": "hr", "exemption": null}})
}

test_staff_on_another_ground if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as _staff({"basis": {"ground": "contract", "exemption": "cn.order16.art5.1.2"}})
}

test_staff_of_nothing_needed if {
	not data.silkgate.exemptions.order16_art5_1_2.exemption with input as _staff({"fields": [examples.field("/a", "pi_browsing", "pi", "unknown")]})
}

test_emergency if {
	data.silkgate.exemptions.order16_art5_1_3.exemption with input as _emergency({})
}

test_emergency_abroad if {
	not data.silkgate.exemptions.order16_art5_1_3.exemption with input as _emergency({"origin": "JP"})
}

test_emergency_without_a_claim if {
	not data.silkgate.exemptions.order16_art5_1_3.exemption with input as _emergency({"basis": {"ground": "emergency", "exemption": null}})
}

test_emergency_on_another_ground if {
	not data.silkgate.exemptions.order16_art5_1_3.exemption with input as _emergency({"basis": {"ground": "contract", "exemption": "cn.order16.art5.1.3"}})
}

test_statutory_duty if {
	count(data.silkgate.rules.cn.ndsr_art35_statutory_duty.review) == 1 with input as examples.members({"basis": {"ground": "statutory_duty"}})
}

test_statutory_duty_abroad if {
	count(data.silkgate.rules.cn.ndsr_art35_statutory_duty.review) == 0 with input as _abroad({"basis": {"ground": "statutory_duty"}})
}

test_statutory_duty_of_nothing if {
	count(data.silkgate.rules.cn.ndsr_art35_statutory_duty.review) == 0 with input as examples.members({"basis": {"ground": "statutory_duty"}, "fields": []})
}

test_statutory_duty_where_the_company_decided if {
	count(data.silkgate.rules.cn.ndsr_art35_statutory_duty.review) == 0 with input as examples.members({"basis": {"ground": "statutory_duty"}}) with data.silkgate.overlay as {"settings": {"statutory_duty_review": false}}
}

test_important_data_abroad if {
	rule := data.silkgate.rules.cn.order16_art2_important_data with input as _abroad({"fields": [examples.field("/a", "pi_account", "important", "likely")]})
	count(rule.deny) == 0
	count(rule.needs) == 0
}

test_important_data_assessed if {
	rule := data.silkgate.rules.cn.order16_art2_important_data with input as examples.members({"basis": {"mechanism": examples.mechanism("security_assessment", "2026-11-22")}, "fields": [examples.field("/a", "pi_account", "important", "likely")]})
	count(rule.deny) == 0
	count(rule.needs) == 0
	rule.carried_by == "security_assessment"
}

test_few_persons_abroad if {
	not data.silkgate.rules.cn.order16_art5_1_4_volume.carried_by with input as _abroad({})
}

test_negative_list_unknown if {
	rule := data.silkgate.rules.cn.order16_art6_negative_list with input as examples.members({"basis": {"exemption": "cn.order16.art6"}})
	count(rule.review) == 1
	count(rule.needs) == 1
}

test_negative_list_abroad if {
	count(data.silkgate.rules.cn.order16_art6_negative_list.review) == 0 with input as _abroad({"basis": {"exemption": "cn.order16.art6"}})
}

test_negative_list_unclaimed if {
	rule := data.silkgate.rules.cn.order16_art6_negative_list with input as examples.members({})
	count(rule.review) == 0
	count(rule.needs) == 0
}

test_negative_list_of_nothing if {
	count(data.silkgate.rules.cn.order16_art6_negative_list.review) == 0 with input as examples.members({"basis": {"exemption": "cn.order16.art6"}, "fields": []})
}

test_infrastructure_abroad if {
	rule := data.silkgate.rules.cn.order16_art7_ciio with input as _abroad({"exporter": {"ciio": true}})
	count(rule.deny) == 0
	count(rule.needs) == 0
}

test_infrastructure_assessed if {
	rule := data.silkgate.rules.cn.order16_art7_ciio with input as examples.members({"exporter": {"ciio": true}, "basis": {"mechanism": examples.mechanism("security_assessment", "2026-11-22")}})
	count(rule.deny) == 0
	count(rule.needs) == 0
	rule.carried_by == "security_assessment"
}

test_no_infrastructure if {
	rule := data.silkgate.rules.cn.order16_art7_ciio with input as examples.members({})
	count(rule.deny) == 0
	count(rule.needs) == 0
}

test_infrastructure_of_nobody if {
	count(data.silkgate.rules.cn.order16_art7_ciio.needs) == 0 with input as examples.members({"exporter": {"ciio": true}, "fields": []})
}

test_assessment_due_abroad if {
	rule := data.silkgate.rules.cn.order16_art7_volume with input as _abroad({"bands": examples.bands(1000000, 5000000, 0, 1)})
	count(rule.deny) == 0
	count(rule.needs) == 0
}

test_assessment_due_and_held if {
	rule := data.silkgate.rules.cn.order16_art7_volume with input as examples.members({"bands": examples.bands(1000000, 5000000, 0, 1), "basis": {"mechanism": examples.mechanism("security_assessment", "2026-11-22")}})
	count(rule.deny) == 0
	count(rule.needs) == 0
	rule.carried_by == "security_assessment"
}

test_assessment_not_due if {
	rule := data.silkgate.rules.cn.order16_art7_volume with input as examples.members(examples.many)
	count(rule.deny) == 0
	count(rule.needs) == 0
}

test_assessment_for_nobody if {
	count(data.silkgate.rules.cn.order16_art7_volume.needs) == 0 with input as examples.members({"bands": examples.bands(1000000, 5000000, 0, 1), "fields": []})
}

test_contract_due_abroad if {
	rule := data.silkgate.rules.cn.order16_art8_contract with input as _abroad(examples.many)
	count(rule.deny) == 0
	count(rule.needs) == 0
}

test_contract_due_and_held if {
	rule := data.silkgate.rules.cn.order16_art8_contract with input as examples.members(object.union(examples.many, {"basis": {"mechanism": examples.mechanism("standard_contract", "2026-11-22")}}))
	count(rule.deny) == 0
	count(rule.needs) == 0
	rule.carried_by == "standard_contract"
}

test_contract_for_nobody if {
	count(data.silkgate.rules.cn.order16_art8_contract.needs) == 0 with input as examples.members(object.union(examples.many, {"fields": []}))
}

test_an_expired_contract_carries_nothing if {
	not data.silkgate.mechanism.contract with input as examples.members({"basis": {"mechanism": examples.mechanism("standard_contract", "2026-11-21")}})
}

test_an_expired_assessment_carries_nothing if {
	not data.silkgate.mechanism.assessment with input as examples.members({"basis": {"mechanism": examples.mechanism("security_assessment", "2026-11-21")}})
}

test_a_contract_of_the_bay_area_is_for_the_area if {
	not data.silkgate.mechanism.contract with input as examples.members({"basis": {"mechanism": examples.mechanism("gba_contract", "2026-11-22")}})
}

test_a_contract_of_the_bay_area_ends if {
	not data.silkgate.mechanism.contract with input as _area("gba_contract", "2026-11-21")
}

test_a_contract_of_the_bay_area_carries if {
	data.silkgate.mechanism.contract == "gba_contract" with input as _area("gba_contract", "2026-11-22")
}

test_consent_abroad if {
	rule := data.silkgate.rules.cn.pipl_art39_consent with input as _abroad({"basis": {"consent": null}})
	count(rule.deny) == 0
	count(rule.obligations) == 0
}

test_consent_to_nothing if {
	rule := data.silkgate.rules.cn.pipl_art39_consent with input as examples.members({"basis": {"consent": null}, "fields": []})
	count(rule.deny) == 0
	count(rule.obligations) == 0
}

test_no_consent_where_none_is_needed if {
	rule := data.silkgate.rules.cn.pipl_art39_consent with input as examples.order({})
	count(rule.deny) == 0
	rule.obligations == {"pipl.39.notice"}
}

test_duties_there if {
	count(data.silkgate.rules.destination.duties.obligations) > 0 with input as examples.members({"destination": "DE"})
}

test_duties_there_from_abroad if {
	count(data.silkgate.rules.destination.duties.obligations) == 0 with input as _abroad({"destination": "DE"})
}

test_duties_for_nothing if {
	count(data.silkgate.rules.destination.duties.obligations) == 0 with input as examples.members({"destination": "DE", "fields": []})
}

test_an_expired_contract_of_nobody if {
	rule := data.silkgate.rules.cn.order16_art9_validity with input as examples.members({"fields": [], "basis": {"mechanism": examples.mechanism("standard_contract", "2026-11-21")}})
	count(rule.deny) == 0
}

_abroad(changes) := examples.members(object.union({"origin": "JP"}, changes))

_staff(changes) := examples.members(object.union(
	{
		"purpose": "hr_management",
		"basis": {"ground": "hr", "exemption": "cn.order16.art5.1.2"},
		"fields": [examples.field("/a", "pi_employee_hr", "pi", "likely")],
	},
	changes,
))

_emergency(changes) := examples.members(object.union(
	{
		"purpose": "emergency",
		"basis": {"ground": "emergency", "exemption": "cn.order16.art5.1.3"},
		"fields": [examples.field("/a", "pi_contact_phone", "pi", "likely")],
	},
	changes,
))

_area(kind, until) := examples.members({
	"destination": "HK",
	"exporter": {"zone": "gba-shenzhen"},
	"basis": {"mechanism": examples.mechanism(kind, until)},
})
