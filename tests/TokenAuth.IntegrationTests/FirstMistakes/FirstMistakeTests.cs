using System.Text;

namespace TokenAuth.IntegrationTests.FirstMistakes;

/// <summary>
/// Every mistake of the catalogue, and the message that it gets. <c>FirstMistakes.approved.txt</c> has the messages, so that a changed one is read
/// as a beginner reads it.
/// </summary>
public sealed class FirstMistakeTests
{
    private static readonly string s_approved = Path.Combine(
        RepositoryRoot.Path,
        "tests/TokenAuth.IntegrationTests/FirstMistakes/FirstMistakes.approved.txt"
    );

    public static TheoryData<string> Titles() => [.. MistakeCatalogue.All.Select(mistake => mistake.Title)];

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task A_message_is_short_and_shows_no_secret(string title)
    {
        var message = await MistakeCatalogue.All.Single(mistake => mistake.Title == title).ProvokeAsync();

        Assert.InRange(message.Split('\n').Length, 1, 4);
        Assert.DoesNotContain(Beginner.Secret, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_messages_are_the_approved_ones()
    {
        var messages = new StringBuilder("First mistakes, and the message that each gets.\n");
        foreach (var mistake in MistakeCatalogue.All)
            messages
                .Append("\n## ")
                .Append(mistake.Title)
                .Append('\n')
                .Append(await mistake.ProvokeAsync())
                .Append('\n');

        var approved = await File.ReadAllTextAsync(s_approved, TestContext.Current.CancellationToken);
        if (messages.ToString() != approved)
            await File.WriteAllTextAsync(
                s_approved.Replace(".approved.", ".received.", StringComparison.Ordinal),
                messages.ToString(),
                TestContext.Current.CancellationToken
            );

        Assert.Equal(approved, messages.ToString()); // if the change is meant, put FirstMistakes.received.txt in its place
        Assert.True(MistakeCatalogue.All.Count() >= 60);
    }
}
