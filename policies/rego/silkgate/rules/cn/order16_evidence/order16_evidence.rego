# METADATA
# title: Proof of a claimed exemption
# description: |
#   Exemptions that rest on facts no gateway sees: the collective contract and work rules, the absence of
#   mainland data, the emergency. The exporter keeps the proof.
# custom:
#   zh: 依事实主张豁免的，须留存证据
#   citation: CAC Order 16 arts 4, 5(1)②③, 6
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_evidence

import data.silkgate.counting

obligations contains concat("", [input.basis.exemption, ".evidence"]) if {
	input.origin == "CN"
	some exemption in counting.exemptions
	exemption.reason.code == input.basis.exemption
	input.basis.exemption in {
		"cn.order16.art4", "cn.order16.art5.1.2", "cn.order16.art5.1.3",
		"cn.order16.art6",
	}
}
