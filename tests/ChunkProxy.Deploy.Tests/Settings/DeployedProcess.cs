namespace ChunkProxy.Deploy.Tests.Settings;

/// <summary>A process of the product, as a deployment describes it.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Role">The role of the process.</param>
/// <param name="Settings">Its environment. A value that is a secret reads <see cref="Secret"/>; settings without a value are left out.</param>
internal sealed record DeployedProcess(string Name, ProcessRole Role, IReadOnlyDictionary<string, string> Settings)
{
    public const string Secret = "(secret)";
}
