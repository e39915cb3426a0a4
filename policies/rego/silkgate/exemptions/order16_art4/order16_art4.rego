# METADATA
# title: Personal information collected abroad
# description: |
#   Personal information collected abroad, processed in the mainland and sent out again, with no
#   mainland personal information or important data added. The route states it and keeps the proof.
# custom:
#   zh: 境外收集、境内处理后再出境且未引入境内个人信息或重要数据的，免于出境路径
#   citation: CAC Order 16 art 4
#   confidence: A
#   checked: "2026-11-22"
package silkgate.exemptions.order16_art4

import data.silkgate.settings
import data.silkgate.treating

exemption := {"reason": _reason, "covers": ["*"]} if {
	input.origin == "CN"
	input.collected_in != "CN"
	input.basis.exemption == "cn.order16.art4"
	settings.pass_through
	treating.personal_leaves
}

_reason := {
	"code": "cn.order16.art4",
	"en": "Collected abroad, processed in the mainland and sent out with nothing of the mainland added, as the route states.",
	"zh": "境外收集的个人信息在境内处理后出境，处理过程中未引入境内个人信息或重要数据（由路由声明）。",
	"citation": "CAC Order 16 art 4",
}
