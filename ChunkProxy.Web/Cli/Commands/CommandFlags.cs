using ChunkProxy.Web.Cli.Flags;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The flags that all commands share.</summary>
internal static class CommandFlags
{
    public static readonly Flag Node = new("node", "node", FlagValue.Url, static () => NodeAddress.Standard, "Address of the node: its -adminaddr if it has one, else its -webaddr");

    public static readonly Flag Key = new(
        "adminkey", "adminkey", FlagValue.Secret, null, "The node's admin key. Flags are visible to other local users: prefer -adminkeyfile, or ChunkProxy__AdminKey in the environment");

    public static readonly Flag KeyFile = new("adminkeyfile", "adminkeyfile", FlagValue.File, null, "File that contains the key");

    public static readonly Flag CaFile = new("cafile", "cafile", FlagValue.File, null, "PEM file with the certificates to trust, if the node has an https address; default: those that the system trusts");

    public static readonly Flag Json = new("json", "json", null, null, "Print the node's answer as JSON");

    public static readonly Flag Help = FlagTable.Help;

    /// <summary>Flags of the commands that ask a node.</summary>
    public static IReadOnlyList<Flag> All { get; } = [Node, Key, KeyFile, CaFile, Json, Help];

    /// <summary>Returns the command's own flags and those that it shares with others.</summary>
    public static IEnumerable<Flag> Of(NodeCommand command) => command.Flags.Concat(command.AsksNode ? All : [Help]);

    public static Flag? Find(NodeCommand command, string name) =>
        name == "h" ? Help : Of(command).FirstOrDefault(flag => flag.Name == name);
}
