namespace TokenAuth.IntegrationTests.FirstMistakes;

/// <summary>What a beginner does, and how an application comes to say so.</summary>
/// <param name="Title">The heading of the message in <c>FirstMistakes.approved.txt</c>.</param>
internal sealed record Mistake(string Title, Func<Task<string>> ProvokeAsync);
