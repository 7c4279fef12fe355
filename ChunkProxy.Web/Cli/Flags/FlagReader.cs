using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Cli.Flags;

/// <summary>Reads flags as Go's flag package does: <c>-flag value</c> or <c>-flag=value</c>, one dash or two; the last of equal flags wins.</summary>
internal static class FlagReader
{
    /// <param name="args">The arguments, without the name of a command.</param>
    /// <param name="find">Finds a flag by its name.</param>
    /// <param name="all">All flags, one of which an unknown one may mean.</param>
    /// <param name="words">The number of arguments that may stand before, between or after the flags.</param>
    public static FlagReading Read(IReadOnlyList<string> args, Func<string, Flag?> find, IEnumerable<Flag> all, int words = 0)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var found = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is not ['-', _, ..] || args[i] == "--")
            {
                if (found.Count == words || args[i] is "" or "-" or "--")
                {
                    return FlagReading.Refused(words == 0 || found.Count < words ? $"'{args[i]}' is no flag" : $"'{args[i]}' is one word too many");
                }

                found.Add(args[i]);
                continue;
            }

            var (name, value) = Split(args[i]);
            if (find(name) is not { } flag)
            {
                return FlagReading.Refused($"-{name}: no such flag{Suggestion.For($"-{name}", all.Select(static it => $"-{it.Name}"))}");
            }

            if (flag.Setting is null)
            {
                return value is null ? new FlagReading(settings, found, flag, null) : new FlagReading(settings, found, null, $"{flag}: takes no value");
            }

            if (flag.Value is null)
            {
                settings[flag.Setting] = value ?? bool.TrueString;
                continue;
            }

            // As in Go, the next argument is the value, even if it looks like a flag.
            value ??= i + 1 < args.Count ? args[++i] : null;
            if (value is null)
            {
                return new FlagReading(settings, found, null, $"{flag}: needs a value: {flag.Value.Takes}");
            }

            settings[flag.Setting] = value;
        }

        return new FlagReading(settings, found, null, null);
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var flag = arg.StartsWith("--", StringComparison.Ordinal) ? arg[2..] : arg[1..];
        var equals = flag.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (flag, null) : (flag[..equals], flag[(equals + 1)..]);
    }
}
