/** Money, orders, delivery, faults, repair and rental (`synonyms.ts` says what a line is). */
export const MONEY: string = `
	hardship afford assistance low_income can_afford subsidy financial_help struggle_pay short_money sliding_scale
	affordable cheap inexpensive budget low_cost economical
	expensive costly pricey overpriced cost_fortune arm_leg break_bank steep
	price cost set_back what_damage tariff rate
	dollar buck
	pound quid tenner fiver
	deposit prepayment upfront down_payment up_front in_advance pay_ahead
	financing payment_plan pay_monthly spread_cost spread_payment split_payment pay_later pay_installment monthly_installment in_installment
	interest apr interest_rate
	overcharge charge_twice bill_twice double_charge wrong_amount charged_again
	refund overcharge want_money money_returned
	recurring renewal autopay direct_debit standing_order auto_renew automatic_payment
	tip gratuity service_charge
	receipt invoice statement proof_purchase
	decline reject refuse turn_down card_refused
	contactless tap_pay apple_pay google_pay
	card mastercard amex american_express credit_card debit_card
	transfer wire iban swift bank_transfer wire_transfer
	overdue owe outstanding arrears debt unpaid behind_payment balance
	penalty surcharge late_fee extra_fee hidden_fee
	loyalty reward points_card stamp_card collect_point
	discount bargain negotiate haggle price_match money_off special_offer best_price lower_price knock_off
	discount concession student_discount senior_discount
	voucher giftcard gift_card gift_certificate
	waive waiver exempt
	compensation goodwill
	reimbursement claim_back out_pocket
	deductible excess copay co_pay out_pocket
	network in_network out_network take_insurance accept_insurance
	coverage insured uninsured no_insurance without_insurance
	overdraft overdrawn in_red
	atm cashpoint cash_machine withdraw
	bankruptcy bankrupt insolvency
	donation charity contribute
	mortgage home_loan remortgage
	fraud scam swindle con_me rip_off cheat_out
	scam phishing fraud suspicious fake_email fishy dodgy
	block lose_card steal_card freeze_card cancel_card
	tracking trace where_order where_parcel where_package where_stuff whereabouts
	courier carrier postage royal_mail fedex dhl usps
	pickup collect pick_up click_collect curbside
	dispatch despatch ship send_out
	custom_duty import_duty import_tax tariff duty
	doorstep porch neighbour neighbor not_home nobody_home leave_outside miss_delivery
	undelivered missing delayed never_arrive never_come not_arrived hasn_arrived hasn_come haven_received not_received never_got didn_arrive nothing_come
	incorrect wrong_item wrong_one wrong_colour wrong_color wrong_order not_ordered
	exchange wrong_size doesn_fit not_fit too_small too_big too_tight too_large
	size measurement too_small too_big too_tight too_loose
	incomplete missing part_missing missing_piece
	defective faulty malfunction break play_up act_up pack_in conk_out on_blink out_order stop_working quit_working not_working isn_working won_start won_turn kaput bust
	dent scratch scuff scrape ding
	torn rip tear tore
	stain spill spilt dirty soiled
	shatter smash crack
	disposal recycle waste rubbish garbage trash throw_away throw_out get_rid scrap bin chuck_away
	packaging box wrapping carton cardboard
	unopened unused sealed original_packaging
	withdrawal return cancel change_mind cooling_off buyer_remorse don_like longer_want want_anymore
	bespoke personalised personalized tailor make_measure engrave custommade custom_make
	wholesale bulk large_order
	waitlist waiting_list standby
	preorder backorder restock back_stock out_stock
	clearance outlet bargain
	brochure leaflet flyer pamphlet catalogue catalog
	shop store branch showroom outlet boutique
	retailer seller vendor merchant supplier
	manufacturer maker brand
	spare component replacement_part
	manual instruction guide handbook
	fabric material textile make_of
	waterproof water_resistant rainproof
	genuine fake counterfeit knockoff
	car automobile auto
	truck lorry van
	fuel petrol diesel gasoline fill_tank fill_up
	electric_car ev charging_point charging_station
	breakdown tow stranded roadside break_down flat_battery jump_start
	puncture tyre flat_tyre flat_tire
	windscreen windshield
	licence license driving_licence driver_license
	mileage mile kilometre kilometer km
	accident collision crash wreck bump_into prang rear_ended fender_bender
	dropoff drop_off hand_back return
	extension extend prolong keep_longer more_time extra_day extra_time
	overdue late_return bring_late return_late
	equipment gear kit
	fridge refrigerator freezer
	laundry washing_machine washer dryer tumble_dryer
	oven cooker stove hob
	tv television telly
	vacuum hoover
	tap faucet
	boiler furnace radiator heating hot_water
	drain clog blocked_sink blocked_toilet blockage unclog
	mould mold damp mildew
	locksmith key lose_key locked_out lock_change
	pest cockroach mice mouse rat bedbug infestation exterminator
	garden lawn yard mow
	sofa couch settee
	wardrobe closet cupboard cabinet
	curtain drape
	outage blackout power_cut power_out no_power lights_out
	socket adapter plug charger
	lamp bulb light
	renovation refurbish remodel
	paint decorate painter
	relocation move_house mover moving_company house_move
	storage store_stuff store_things
	flood burst_pipe water_damage
	liquid wet water_damage drop_water
	courtesy loaner temporary replacement_car
	alteration hem tailor seamstress
	burglary burglar robbery rob break_in mugged theft
	vandalism vandalise graffiti
	wallet purse handbag
	liable liability responsible blame fault who_pays
	quote ballpark rough_idea rough_price estimate
	order_status status progress how_far
	measure dimension height width
	sustainable eco environment environmental
`;
