// flagged: framework-at-edge-nodemailer
import 'nodemailer';
