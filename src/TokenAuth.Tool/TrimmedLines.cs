using System.Text;

namespace TokenAuth.Tool;

/// <summary>Leaves out the spaces with which columns are filled up to the end of a line.</summary>
internal sealed class TrimmedLines(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    private int _spaces;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == ' ')
        {
            _spaces++;
            return;
        }

        if (value is '\r' or '\n')
            _spaces = 0;
        for (; _spaces > 0; _spaces--)
            inner.Write(' ');
        inner.Write(value);
    }
}
