using ChunkProxy.Web.Operations.Status;

namespace ChunkProxy.Web.Tests.Operations.Status;

/// <summary>The scripts of the status page, as they are in the assembly.</summary>
internal static class PageScript
{
    public static string Read(string name)
    {
        using var script = new StreamReader(typeof(StatusPage).Assembly.GetManifestResourceStream("StatusPage/" + name)!);
        return script.ReadToEnd();
    }
}
