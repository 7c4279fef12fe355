namespace ChunkProxy.Web.Cli.Flags;

/// <summary>One flag of the command line. The parser, the help page, messages and the README's table use this definition.</summary>
/// <param name="Name">The name without its dash.</param>
/// <param name="Setting">The configuration key that the flag sets; null for a flag that prints something and ends the command.</param>
/// <param name="Value">The kind of value; null if the flag takes none. With a setting it is a switch: <c>-flag</c> or <c>-flag=false</c>.</param>
/// <param name="ReadDefault">Returns the default value; null: there is none. A process that serves reads none of them.</param>
/// <param name="Help">One sentence without a full stop.</param>
internal sealed record Flag(string Name, string? Setting, FlagValue? Value, Func<string?>? ReadDefault, string Help)
{
    /// <summary>The default value, for display; null if there is none.</summary>
    public string? Default => ReadDefault?.Invoke();

    public override string ToString() => "-" + Name;
}
