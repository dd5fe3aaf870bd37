namespace TokenAuth.Tests.Storage;

public sealed class PostgresDatabaseTests
{
    [Theory, Trait("Failure", "83")]
    [InlineData("when the caller leaves")]
    [InlineData("afterwards")]
    public async Task What_comes_too_late_is_given_back(string comes)
    {
        var work = new TaskCompletionSource<string>();
        if (comes == "when the caller leaves")
            work.SetResult("lease");
        var given = new List<string>();

        var finish = PostgresDatabase.FinishAsync(
            work.Task,
            new CancellationTokenSource(),
            tooLate: late =>
            {
                given.Add(late);

                return default;
            }
        );
        work.TrySetResult("lease");
        await finish;

        Assert.Equal(["lease"], given);
    }

    [Fact]
    public async Task What_fails_too_late_is_nobodys_concern()
    {
        var work = Task.FromException<string>(new TimeoutException());

        await PostgresDatabase.FinishAsync(work, new CancellationTokenSource(), tooLate: _ => throw work.Exception!);
    }
}
