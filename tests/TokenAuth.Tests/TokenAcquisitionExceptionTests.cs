namespace TokenAuth.Tests;

public sealed class TokenAcquisitionExceptionTests
{
    [Fact]
    public void It_says_what_failed_and_why()
    {
        var cause = new IOException();

        Assert.Equal("No token could be obtained.", new TokenAcquisitionException().Message);
        Assert.Equal("The endpoint is gone.", new TokenAcquisitionException("The endpoint is gone.").Message);
        Assert.Same(cause, new TokenAcquisitionException("The endpoint is gone.", cause).InnerException);
    }

    [Fact]
    public void Unless_told_it_names_no_provider_and_is_permanent()
    {
        var exception = new TokenAcquisitionException();

        Assert.Equal("", exception.ProviderName);
        Assert.False(exception.IsTransient);
    }
}
