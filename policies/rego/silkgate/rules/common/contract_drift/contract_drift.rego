# METADATA
# title: Drift from the route's data contract
# description: |
#   Personal data where the contract names no field, or values of another category than it names.
#   The contract only adds to what is found, so drift alone stops nothing: what was found is
#   treated as found. It is a reason to be told of, and a fact that a company's own rules may deny
#   or hold back on.
# custom:
#   zh: 数据与路由声明的数据契约不符：出现未声明的个人信息，或内容与声明类别不一致
#   citation: PIPL art 51
#   confidence: A
#   checked: "2026-11-27"
package silkgate.rules.common.contract_drift

import data.silkgate.facts

because contains _reasons[kind] if some kind in facts.drifts

_reasons := {
	"undeclared": {
		"code": "contract.undeclared",
		"en": "Personal data stands in a field that the route's data contract does not name.",
		"zh": "路由数据契约未声明的字段中出现了个人信息。",
		"citation": "PIPL art 51",
	},
	"contradicted": {
		"code": "contract.contradicted",
		"en": "A field holds personal data of another category than the route's data contract names.",
		"zh": "字段内容与路由数据契约声明的类别不一致。",
		"citation": "PIPL art 51",
	},
}
