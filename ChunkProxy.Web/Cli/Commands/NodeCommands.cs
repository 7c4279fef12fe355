namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The list of all commands.</summary>
internal static class NodeCommands
{
    public static IReadOnlyList<NodeCommand> All { get; } = [new StatusCommand(), new TopCommand(TimeProvider.System), new MapCommand(), new PurgeCommand(), new WarmCommand(() => Console.In, TimeProvider.System), new ReloadCommand(), new SignCommand(TimeProvider.System)];

    public static NodeCommand? Find(string name) => All.FirstOrDefault(command => command.Name == name);
}
