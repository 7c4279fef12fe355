using ChunkProxy.Web.Exchanges;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The output of a command: a terminal, or a file or pipe.</summary>
internal sealed class CommandOutput
{
    // Lines in a file are not wrapped: each row of a table is one line.
    private const int WidthElsewhere = 400;

    private const int LongestText = 2000;
    private const int LeastWidth = 10; // of a terminal, in characters

    private readonly TextWriter _out;
    private readonly TextWriter _errors;

    /// <param name="output">For answers.</param>
    /// <param name="errors">For notes and errors.</param>
    /// <param name="isTerminal">Whether the output is a terminal.</param>
    /// <param name="environment">For <c>NO_COLOR</c> and <c>TERM</c>.</param>
    /// <param name="width">Width of the terminal in characters; null: as the terminal says.</param>
    public CommandOutput(TextWriter output, TextWriter errors, bool isTerminal, Func<string, string?> environment, int? width = null)
    {
        _out = output;
        _errors = errors;
        IsTerminal = isTerminal && environment("TERM") is not "dumb";
        HasColor = IsTerminal && string.IsNullOrEmpty(environment("NO_COLOR")); // no-color.org
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = IsTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(output),
        });
        Console.Profile.Capabilities.Unicode = true;
        if (!IsTerminal)
        {
            Console.Profile.Width = WidthElsewhere;
        }
        else if (width is { } given)
        {
            Console.Profile.Width = given;
        }
    }

    public IAnsiConsole Console { get; }

    public bool IsTerminal { get; }

    public bool HasColor { get; }

    /// <summary>The width of drawings, in characters.</summary>
    public int PictureWidth => IsTerminal ? Console.Profile.Width : 100;

    public void Show(IRenderable what) => Console.Write(what);

    /// <summary>Writes a line. A terminal gets it in several, broken at blanks, if it is longer than the terminal is wide.</summary>
    public void Line(string text)
    {
        var rest = ShownText.Shorten(text, LongestText);
        for (var indent = ""; IsTerminal && Math.Max(LeastWidth, Console.Profile.Width) is var width && rest.Length > width; indent = "  ")
        {
            var at = rest.LastIndexOf(' ', width);
            at = at > indent.Length ? at : width; // one long word

            _out.WriteLine(rest[..at].TrimEnd());
            rest = "  " + rest[at..].TrimStart();
        }

        _out.WriteLine(rest);
    }

    /// <summary>Writes a trusted text of several lines.</summary>
    public void Page(string text) => _out.WriteLine(text);

    /// <summary>Writes codes for a terminal.</summary>
    public void Raw(string codes) => _out.Write(codes);

    public void Blank() => _out.WriteLine();

    /// <summary>Writes the node's JSON unchanged.</summary>
    public void Json(string json) => _out.WriteLine(json.TrimEnd());

    /// <summary>Writes a message that is not part of the answer to the error stream.</summary>
    public void Note(string text) => _errors.WriteLine("chunkproxy: " + ShownText.Shorten(text, LongestText));
}
