namespace TokenAuth.Tests.Storage;

public sealed class TokenStoreExceptionTests
{
    [Fact]
    public void It_says_what_failed_and_why()
    {
        var cause = new IOException();

        Assert.Equal("The token store failed.", new TokenStoreException().Message);
        Assert.Equal("The table is gone.", new TokenStoreException("The table is gone.").Message);
        Assert.Same(cause, new TokenStoreException("The table is gone.", cause).InnerException);
    }
}
