// One use of the real Speech SDK, told by the arguments; what happened is printed as one line of JSON.
//   node speech.cjs <host> <use> <credential> [text or WAV file]
"use strict";
const { readFileSync } = require("node:fs");
const sdk = require("microsoft-cognitiveservices-speech-sdk");

const [host, use, credential, input] = process.argv.slice(2);
const print = (value) => console.log(JSON.stringify(value));
const uses = { recognize, recognizeContinuously, recognizeUniversally, speak, recognizeWithKey, keepFreshAndClose };

uses[use]().catch((error) => print({ error: String(error) }));

function configuration() {
  const config = sdk.SpeechConfig.fromHost(new URL(host));
  config.authorizationToken = credential;
  return config;
}

function recognizerOf(config) {
  config.speechRecognitionLanguage = "en-US";
  return new sdk.SpeechRecognizer(config, sdk.AudioConfig.fromWavFileInput(readFileSync(input)));
}

function recognizeOnce(config) {
  const recognizer = recognizerOf(config);
  return new Promise((resolve, reject) =>
    recognizer.recognizeOnceAsync((result) => recognizer.close(() => resolve(result)), reject),
  );
}

async function recognize() {
  const { reason, text, duration, errorDetails } = await recognizeOnce(configuration());
  print({ reason: sdk.ResultReason[reason], text, duration, errorDetails });
}

async function recognizeWithKey() {
  const { reason, text } = await recognizeOnce(sdk.SpeechConfig.fromHost(new URL(host), credential));
  print({ reason: sdk.ResultReason[reason], text });
}

// The credential is asked at each connection: here for the tokens of a comma-separated list, one after the other.
async function recognizeUniversally() {
  const tokens = credential.split(",");
  let asked = 0;
  const getToken = async () => ({
    token: tokens[Math.min(asked++, tokens.length - 1)],
    expiresOnTimestamp: Date.now() + 600_000,
  });
  const config = sdk.SpeechConfig.fromEndpoint(new URL("/stt/speech/universal/v2", host), { getToken });
  const { reason, text, errorDetails } = await recognizeOnce(config);
  print({ reason: sdk.ResultReason[reason], text, errorDetails, asked });
}

function recognizeContinuously() {
  const recognizer = recognizerOf(configuration());
  const texts = [];
  let guesses = 0;
  recognizer.recognizing = () => guesses++;
  recognizer.recognized = (_, { result }) => texts.push(result.text);
  const canceled = new Promise((resolve) => (recognizer.canceled = (_, { errorDetails }) => resolve(errorDetails)));
  return new Promise((resolve, reject) => {
    recognizer.sessionStopped = async () => {
      print({ texts, hasGuessed: guesses > 0, errorDetails: await canceled });
      recognizer.close(resolve);
    };
    recognizer.startContinuousRecognitionAsync(undefined, reject);
  });
}

function speak() {
  const config = configuration();
  config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Riff16Khz16BitMonoPcm;
  const synthesizer = new sdk.SpeechSynthesizer(config, null);
  const words = [];
  synthesizer.wordBoundary = (_, { text, textOffset }) => words.push(`${textOffset} ${text}`);
  return new Promise((resolve, reject) =>
    synthesizer.speakTextAsync(
      input,
      ({ reason, audioData, audioDuration, errorDetails }) => {
        print({
          reason: sdk.ResultReason[reason],
          bytes: audioData?.byteLength,
          seconds: audioDuration / 1e7,
          words,
          errorDetails,
        });
        synthesizer.close(resolve);
      },
      reject,
    ),
  );
}

// With the script in place of the text: does it see that the SDK's recognizer is closed?
async function keepFreshAndClose() {
  let look;
  let isLooking = true;
  globalThis.setInterval = (run) => (look = run);
  globalThis.clearInterval = () => (isLooking = false);
  const { createSpeechTokens } = await import("data:text/javascript;base64," + readFileSync(input).toString("base64"));
  const fetch = async () => Response.json({ token: credential, region: "westeurope", expiresIn: 600 });
  const recognizer = new sdk.SpeechRecognizer(
    configuration(),
    sdk.AudioConfig.fromStreamInput(sdk.AudioInputStream.createPushStream()),
  );
  recognizer.authorizationToken = "none";

  createSpeechTokens({ url: "/speech-token", fetch }).keepFresh(recognizer);
  await new Promise(setImmediate);
  look();
  const isKept = isLooking && recognizer.authorizationToken === credential;
  await new Promise((resolve, reject) => recognizer.close(resolve, reject));
  recognizer.authorizationToken = "closed";
  look();
  print({ isKept, isLooking, token: recognizer.authorizationToken });
}
