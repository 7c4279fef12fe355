namespace ChunkProxy.AppHost.Local;

/// <summary>Many voices on one terminal: every line has its speaker in front, in the speaker's colour.</summary>
internal sealed class PrefixedConsole(TextWriter output, bool colours, int nameWidth)
{
    private const string Reset = "\e[0m";

    private static readonly string[] Palette = ["\e[36m", "\e[32m", "\e[35m", "\e[33m", "\e[34m", "\e[96m", "\e[92m", "\e[95m"];

    private readonly Lock _line = new();
    private readonly Dictionary<string, string> _colours = [];

    /// <summary>Colours on a terminal, unless <c>NO_COLOR</c> is set (no-color.org).</summary>
    public static bool WantsColours => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public bool Colours => colours;

    public void Write(string speaker, string line)
    {
        lock (_line)
        {
            if (!colours)
            {
                output.WriteLine($"{speaker.PadRight(nameWidth)} | {line}");
                return;
            }

            if (!_colours.TryGetValue(speaker, out var colour))
            {
                _colours[speaker] = colour = Palette[_colours.Count % Palette.Length];
            }

            output.WriteLine($"{colour}{speaker.PadRight(nameWidth)} |{Reset} {line}{Reset}");
        }
    }
}
