using System.Text;
using TokenAuth.Tool;

namespace TokenAuth.Tests.Tool;

public sealed class JsonLinesTests
{
    [Fact]
    public void Each_value_has_the_line_on_which_it_stands()
    {
        var lines = JsonLines.Of(
            Encoding.UTF8.GetBytes(
                """
                {
                  // a comment
                  "TokenAuth": {
                    "voice": { "Provider": "VkCloud",
                      "ClientId":
                        "id" },
                    "Store": { "PreviousEncryptionKeys": [ "a",
                      "b" ], "AllowUnencrypted": true, },
                  },
                }
                """
            )
        );

        Assert.Equal(
            [
                ("TokenAuth:Store:AllowUnencrypted", 8),
                ("TokenAuth:Store:PreviousEncryptionKeys:0", 7),
                ("TokenAuth:Store:PreviousEncryptionKeys:1", 8),
                ("TokenAuth:voice:ClientId", 6),
                ("TokenAuth:voice:Provider", 4),
            ],
            lines.Select(line => (line.Key, line.Value)).OrderBy(line => line.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Keys_ignore_case_as_configuration_does() =>
        Assert.Equal(1, JsonLines.Of("""{ "A": { "b": 1 } }"""u8)["a:B"]);
}
