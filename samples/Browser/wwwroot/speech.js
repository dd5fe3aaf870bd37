// Speaks and listens with the Speech SDK. Each turn takes a token when it begins; a turn whose token was refused begins again with
// a new one. The SDK is the global that its bundle makes.

const TURN_LIMIT = 20_000; // the SDK says nothing when a connection is lost after the last audio was sent

/** The connection could not be made or was lost. A browser is not told whether the token was the reason. */
export class ConnectionError extends Error {}

export function createSpeech({ tokens, host, reportRefusal }) {
  async function configuration(token) {
    const config = host
      ? SpeechSDK.SpeechConfig.fromHost(new URL(host))
      : SpeechSDK.SpeechConfig.fromAuthorizationToken(token, await tokens.region);
    config.authorizationToken = token;
    config.speechRecognitionLanguage = "en-US";
    config.speechSynthesisOutputFormat = SpeechSDK.SpeechSynthesisOutputFormat.Riff24Khz16BitMonoPcm;
    return config;
  }

  // The second attempt is for a connection that was merely lost; the third is with another token.
  async function turn(use) {
    for (let attempt = 1; ; attempt++) {
      const { token } = await tokens.getToken();
      try {
        return await use(await configuration(token));
      } catch (error) {
        if (!(error instanceof ConnectionError) || attempt === 3) {
          throw error;
        }
        if (attempt === 2) {
          await reportRefusal(token);
          tokens.invalidate();
        }
      }
    }
  }

  /** The text as a WAV file. */
  const speak = (text) =>
    turn((config) =>
      limited(new SpeechSDK.SpeechSynthesizer(config, null), (synthesizer, resolve, reject) =>
        synthesizer.speakTextAsync(
          text,
          (result) =>
            result.reason === SpeechSDK.ResultReason.SynthesizingAudioCompleted
              ? resolve(new Blob([result.audioData], { type: "audio/wav" }))
              : reject(errorOf(result.errorDetails)),
          (error) => reject(errorOf(error)),
        ),
      ),
    );

  /** The text of a WAV file, or nothing when nobody speaks in it. */
  const recognize = (wave) =>
    turn((config) => {
      const audio = SpeechSDK.AudioConfig.fromWavFileInput(new File([wave], "speech.wav", { type: "audio/wav" }));
      return limited(new SpeechSDK.SpeechRecognizer(config, audio), (recognizer, resolve, reject) =>
        recognizer.recognizeOnceAsync(
          (result) =>
            result.reason === SpeechSDK.ResultReason.Canceled
              ? reject(errorOf(result.errorDetails))
              : resolve(result.text ?? ""),
          (error) => reject(errorOf(error)),
        ),
      );
    });

  /**
   * Listens to the microphone, for hours if need be: the recognizer is given each new token, and a connection that was lost while the
   * machine slept is made again. Returns what stops it.
   */
  async function listen({ onText, onEnd }) {
    let stop;
    let failures = 0;
    await start();
    return () => stop();

    async function start() {
      const { token } = await tokens.getToken();
      const audio = SpeechSDK.AudioConfig.fromDefaultMicrophoneInput();
      const recognizer = new SpeechSDK.SpeechRecognizer(await configuration(token), audio);
      const letGo = tokens.keepFresh(recognizer);
      const close = () => {
        letGo();
        recognizer.close();
      };
      stop = () =>
        recognizer.stopContinuousRecognitionAsync(
          () => (close(), onEnd()),
          (error) => (close(), onEnd(errorOf(error))),
        );
      recognizer.recognized = (_, { result }) => {
        failures = 0;
        if (result.text) {
          onText(result.text);
        }
      };
      recognizer.canceled = (_, { reason, errorDetails }) => {
        if (reason === SpeechSDK.CancellationReason.Error) {
          close();
          again(errorOf(errorDetails), token).catch(onEnd);
        }
      };
      await new Promise((resolve, reject) =>
        recognizer.startContinuousRecognitionAsync(resolve, (error) => reject(errorOf(error))),
      );
    }

    async function again(error, token) {
      failures++;
      if (!(error instanceof ConnectionError) || failures === 3) {
        throw error;
      }
      if (failures === 2) {
        await reportRefusal(token);
        tokens.invalidate();
      }
      await start();
    }
  }

  return { speak, recognize, listen };
}

function limited(client, begin) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new ConnectionError("The speech service did not answer in time.")),
      TURN_LIMIT,
    );
    const settle = (how) => (value) => {
      clearTimeout(timer);
      client.close();
      how(value);
    };
    begin(client, settle(resolve), settle(reject));
  });
}

function errorOf(details) {
  const text = String(details ?? "The speech service gave no reason.");
  return /\b1006\b|Unable to contact server/.test(text) ? new ConnectionError(text) : new Error(text);
}
