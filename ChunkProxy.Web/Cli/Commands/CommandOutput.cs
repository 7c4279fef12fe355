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

    private readonly TextWriter _out;
    private readonly TextWriter _errors;

    /// <param name="output">For answers.</param>
    /// <param name="errors">For notes and errors.</param>
    /// <param name="isTerminal">Whether the output is a terminal.</param>
    /// <param name="environment">For <c>NO_COLOR</c> and <c>TERM</c>.</param>
    public CommandOutput(TextWriter output, TextWriter errors, bool isTerminal, Func<string, string?> environment)
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
    }

    public IAnsiConsole Console { get; }

    public bool IsTerminal { get; }

    public bool HasColor { get; }

    /// <summary>The width of drawings, in characters.</summary>
    public int PictureWidth => IsTerminal ? Console.Profile.Width : 100;

    public void Show(IRenderable what) => Console.Write(what);

    public void Line(string text) => _out.WriteLine(ShownText.Shorten(text, LongestText));

    /// <summary>Writes a trusted text of several lines.</summary>
    public void Page(string text) => _out.WriteLine(text);

    public void Blank() => _out.WriteLine();

    /// <summary>Writes the node's JSON unchanged.</summary>
    public void Json(string json) => _out.WriteLine(json.TrimEnd());

    /// <summary>Writes a message that is not part of the answer to the error stream.</summary>
    public void Note(string text) => _errors.WriteLine("chunkproxy: " + ShownText.Shorten(text, LongestText));
}
