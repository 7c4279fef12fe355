namespace ChunkProxy.Web.Cli.Flags;

/// <summary>One flag of the command. Parser, help page, messages and the README's table are made of these.</summary>
/// <param name="Name">Without its dash.</param>
/// <param name="Setting">The configuration key that it sets; null for a flag that makes the command answer and end.</param>
/// <param name="Value">What follows it; null if nothing does: with a setting it is a switch, <c>-flag</c> or <c>-flag=false</c>.</param>
/// <param name="Default">As a person would write it; null: none.</param>
/// <param name="Help">What it sets, as one sentence without a full stop.</param>
internal sealed record Flag(string Name, string? Setting, FlagValue? Value, string? Default, string Help)
{
    public override string ToString() => "-" + Name;
}
