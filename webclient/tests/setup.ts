// What is tested speaks English, as the page does once its words are loaded.

import { ads } from "../src/languages/en/ads";
import { extras } from "../src/languages/en/extras";
import { page } from "../src/languages/en/page";
import { say } from "../src/speech";

say({ language: "en", page, extras, ads });
