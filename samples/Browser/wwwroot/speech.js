// Speaks and listens with the Speech SDK. Each turn takes a token when it begins; a turn whose token was refused begins again with
// a new one. The SDK is the global that its bundle makes.

const TURN_LIMIT = 20_000; // the SDK says nothing when a connection is lost after the last audio was sent
const LAST_SENTENCE_LIMIT = 5_000;

/** The connection could not be made or was lost. A browser is not told whether the token was the reason. */
export class ConnectionError extends Error {}

/** The page has ended the turn, as at a sign-out. */
export class EndedError extends Error {}

/** reportRefusal tells the server, onHealed is called when a new token was then taken. */
export function createSpeech({ tokens, host, reportRefusal, onHealed }) {
  const ends = new Set(); // callbacks that end running turns
  let era = 0; // increases at each sign-out; turns of an earlier user stop

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
    const begun = era;
    for (let attempt = 1; ; attempt++) {
      const { token } = await tokens.getToken();
      const config = await configuration(token);
      if (begun !== era) {
        throw new EndedError();
      }
      try {
        const result = await use(config);
        if (attempt === 3) {
          onHealed();
        }
        return result;
      } catch (error) {
        if (!(error instanceof ConnectionError) || attempt === 3) {
          throw error;
        }
        if (attempt === 2) {
          await refused(token);
        }
      }
    }
  }

  // The server has the same token and would hand it out again. If the report fails, try again all the same: the next token may be new.
  async function refused(token) {
    await reportRefusal(token).catch(() => {});
    tokens.invalidate(token);
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

  // However it comes out, the client is closed, also when nothing comes.
  function limited(client, begin) {
    return new Promise((resolve, reject) => {
      const settle = (how) => (value) => {
        if (ends.delete(end)) {
          clearTimeout(timer);
          client.close();
          how(value);
        }
      };
      const end = () => settle(reject)(new EndedError());
      const late = new ConnectionError("The speech service did not answer in time.");
      const timer = setTimeout(() => settle(reject)(late), TURN_LIMIT);
      ends.add(end);
      begin(client, settle(resolve), settle(reject));
    });
  }

  /**
   * Listens to the microphone, for hours if need be: the recognizer is given each new token, and a connection that was lost while the
   * machine slept is made again. Returns what stops it, after the sentence that is being spoken. onEnd is called once.
   */
  async function listen({ onText, onEnd }) {
    const begun = era;
    const microphone = await openMicrophone(); // the page's own, so that nothing but the page decides when it is off
    let recognizer = null;
    let failures = 0;
    let isStopping = false;
    let isOver = false;

    const end = () => finish();
    ends.add(end);
    try {
      if (begun !== era) {
        throw new EndedError(); // while the browser asked for permission
      }
      await start();
    } catch (error) {
      letGo();
      throw error;
    }
    return stop;

    async function start() {
      const { token } = await tokens.getToken();
      const config = await configuration(token);
      if (isStopping || isOver) {
        return; // while the connection was made again
      }

      recognizer = openRecognizer(config, SpeechSDK.AudioConfig.fromStreamInput(microphone), tokens);
      recognizer.onConnected = () => {
        if (failures === 2) {
          onHealed();
        }
      };
      recognizer.onText = (text) => {
        failures = 0;
        onText(text);
      };
      recognizer.onLost = (error) => again(error, token);
      await recognizer.start();
    }

    async function again(error, token) {
      if (isOver) {
        return;
      }
      recognizer.close();
      recognizer = null;
      if (isStopping) {
        finish(); // there is nobody left who could say the last sentence
        return;
      }
      failures++;
      try {
        if (!(error instanceof ConnectionError) || failures === 3) {
          throw error;
        }
        if (failures === 2) {
          await refused(token);
        }
        await start();
      } catch (last) {
        finish(last);
      }
    }

    async function stop() {
      if (!isStopping && !isOver) {
        isStopping = true;
        await recognizer?.stop();
        finish();
      }
    }

    function finish(error) {
      if (!isOver) {
        letGo();
        onEnd(error);
      }
    }

    function letGo() {
      isOver = true;
      ends.delete(end);
      recognizer?.close();
      for (const track of microphone.getTracks()) {
        track.stop();
      }
    }
  }

  /** Ends at once all that is under way: nothing is heard or said any more, and the microphone is off. */
  function endAll() {
    era++;
    for (const end of [...ends]) {
      end();
    }
  }

  return { speak, recognize, listen, endAll };
}

/** One recognizer of the SDK, for one connection and the connections that the SDK itself makes after it. */
function openRecognizer(config, audio, tokens) {
  const recognizer = new SpeechSDK.SpeechRecognizer(config, audio);
  const letGo = tokens.keepFresh(recognizer);
  const stopped = new Promise((resolve) => (recognizer.sessionStopped = resolve));
  let isClosed = false;

  const self = {
    start: () =>
      new Promise((resolve, reject) =>
        recognizer.startContinuousRecognitionAsync(resolve, (error) => reject(errorOf(error))),
      ),

    // After a connection that it made again, the SDK says that it has stopped before the last sentence has come.
    stop: () =>
      Promise.race([
        new Promise((resolve) => recognizer.stopContinuousRecognitionAsync(resolve, resolve)).then(() => stopped),
        new Promise((resolve) => setTimeout(resolve, LAST_SENTENCE_LIMIT)),
      ]),

    close() {
      if (!isClosed) {
        isClosed = true;
        letGo();
        recognizer.close();
      }
    },
  };
  recognizer.sessionStarted = () => self.onConnected();
  recognizer.recognized = (_, { result }) => {
    if (result.text && !isClosed) {
      self.onText(result.text);
    }
  };
  recognizer.canceled = (_, { reason, errorDetails }) => {
    if (reason === SpeechSDK.CancellationReason.Error && !isClosed) {
      self.onLost(errorOf(errorDetails));
    }
  };
  return self;
}

async function openMicrophone() {
  if (!navigator.mediaDevices) {
    throw new Error("The browser gives a microphone only to a page that came over https or from this machine.");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    throw new Error(
      error.name === "NotAllowedError"
        ? "The browser was not allowed to use the microphone. Allow it beside the page’s address, and try again."
        : "There is no microphone that can be used.",
    );
  }
}

function errorOf(details) {
  const text = String(details ?? "The speech service gave no reason.");
  return /\b1006\b|Unable to contact server/.test(text) ? new ConnectionError(text) : new Error(text);
}
