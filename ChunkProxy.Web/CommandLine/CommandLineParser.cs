namespace ChunkProxy.Web.CommandLine;

/// <summary>
/// Reads flags as Go's flag package does: <c>-flag value</c>, <c>-flag=value</c>, one dash or two, the last of two equal ones wins.
/// </summary>
internal static class CommandLineParser
{
    private const string Hint = "(chunkproxy -help lists the flags)";

    public static ParsedCommandLine Parse(IReadOnlyList<string> args)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is not ['-', _, ..] || args[i] == "--")
            {
                return new ParsedCommandLine.Refused($"'{args[i]}' is no flag {Hint}");
            }

            var (name, value) = Split(args[i]);
            if (FlagTable.Find(name) is not { } flag)
            {
                return new ParsedCommandLine.Refused($"-{name}: no such flag {Hint}");
            }

            if (flag.Setting is null)
            {
                if (value is not null)
                {
                    return new ParsedCommandLine.Refused($"{flag}: takes no value");
                }

                return flag == FlagTable.Help ? new ParsedCommandLine.Help() : new ParsedCommandLine.Version();
            }

            if (flag.Value is null)
            {
                settings[flag.Setting] = value ?? bool.TrueString;
                continue;
            }

            // As in Go, whatever follows is the value, be it a text that looks like a flag.
            value ??= i + 1 < args.Count ? args[++i] : null;
            if (value is null)
            {
                return new ParsedCommandLine.Refused($"{flag}: needs a value: {flag.Value.Takes}");
            }

            settings[flag.Setting] = value;
        }

        return new ParsedCommandLine.Serve(settings);
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var flag = arg.StartsWith("--", StringComparison.Ordinal) ? arg[2..] : arg[1..];
        var equals = flag.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (flag, null) : (flag[..equals], flag[(equals + 1)..]);
    }
}
