/** Accounts, forms, devices, messages, privacy and security (`synonyms.ts` says what a line is). */
export const TECHNOLOGY: string = `
	breach hack compromised unauthorised unauthorized hijack else_account
	secure hack hacker cyber
	authentication verification twofactor two_factor 2fa mfa otp verification_code time_code time_password
	verify verification authenticate prove
	identification identity id passport photo_id proof_identity prove_who
	virus malware ransomware trojan
	cookie tracking tracker
	compliance gdpr hipaa comply data_protection
	disclose disclosure share third_party pass_on sell_data hand_over
	confidential private privacy visible who_see who_read anyone_see others_see person_see keep_secret between_us snoop nosy peek spy
	retention retain storage keep_data data_keep keep_record
	delete erase wipe purge forget_me remove_me
	surveillance camera cctv webcam
	record tape record_call
	logout session timeout log_out sign_out kick_out time_out
	username user_name user_id
	login can_log won_log won_let
	password forget_password slip_mind can_remember don_remember
	bug glitch error fault hiccup
	freeze unresponsive not_responding won_load not_load load blank_screen white_screen spin
	slow sluggish lag take_forever take_ages laggy
	offline no_internet without_internet no_connection no_signal lose_connection
	signal reception coverage
	downtime outage unavailable server_down site_down website_down is_down
	version update latest_version newest
	compatible supported work_on run_on
	settings preference profile option
	profile account dashboard portal
	button click press icon
	enlarge font zoom text_size bigger_text large_print bigger_letters small_read
	screenshot screen_shot screen_grab
	microphone mic audio sound mute hear_me
	pdf csv excel spreadsheet format
	import export migrate move_data
	api developer webhook sdk
	administrator admin role permission
	seat licence license user add_user
	tier plan package
	restart reboot switch_off turn_off power_off
	uninstall remove_app delete_app
	notification alert popup pop_up push ping
	unsubscribe spam pester bombard keep_emailing keep_texting keep_messaging keep_sending stop_email stop_texting stop_contacting many_email many_message many_text leave_alone
	reminder nag keep_reminding stop_reminding
	spam junk junk_mail
	sms text message text_message whatsapp
	voicemail answering_machine leave_message
	callback call_back ring_back return_call phone_back
	contact get_touch get_hold reach speak_someone talk_someone drop_line speak_somebody
	chat messenger live_chat
	postal post by_post snail_mail letter
	phone landline mobile cell cellphone cell_phone
	language arabic chinese french russian portuguese vietnamese german italian
	translation language speak_english english_good don_speak mother_tongue native bilingual foreign_language
	paper printed hard_copy by_hand paper_version handwritten pen
	barcode qr
	questionnaire survey screening assessment screener evaluation
	questionnaire form sheet quiz
	skip omit blank leave_blank leave_out not_applicable don_apply rather_not prefer_not
	save progress halfway half_way come_back leave_off where_leave so_far lose_progress autosave
	resume continue come_back later finish_later where_leave
	mandatory compulsory required obligatory have_answer
	optional voluntary
	mistake incorrect typo misspell wrong_answer wrong_button click_wrong press_wrong mess_up screw_up mix_up put_wrong
	correct amend fix_answer change_answer edit_answer
	undo revert reverse go_back take_back
	twice duplicate double
	signature esign sign_form sign_paper sign_document consent
	upload attach add_file send_file
	export download save_copy
	confirmation receive go_through come_through
	link url web_address
	invitation link
	afterwards follow_up what_next happen_next next_step step
	result outcome hear_back
	interpret what_mean mean
	percentile average
	remote telehealth telemedicine from_home video_call over_phone video_visit skype
	beginner new_user get_started where_start
	demo demonstration walkthrough walk_through show_how
	tutorial guide instruction
	feature function capability
	software program programme
	template layout design
	graph chart statistics
	search look_up browse
	calendar outlook google_calendar
	website web_page homepage web_site
	social facebook instagram twitter tiktok
	laptop notebook macbook
	cable wire cord
	charger charging_cable power_cord
	headphone earphone headset earbud
	display monitor
	memory disk full_storage
	retrieve recover restore lose_file data_recovery
	technical tech_support it_support helpdesk help_desk
	accident accidentally by_accident by_mistake unintentionally
	reset start_over start_again from_scratch begin_again
	disconnect cut_off drop_out hang_up
	merge combine join_together two_account
	separate individual
	proxy behalf on_behalf
`;
