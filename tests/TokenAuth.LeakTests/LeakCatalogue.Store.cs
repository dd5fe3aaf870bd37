using Microsoft.Extensions.DependencyInjection;
using TokenAuth.Tests.Storage;

namespace TokenAuth.LeakTests;

internal static partial class LeakCatalogue
{
    private static IEnumerable<(string, Func<LeakScene, Task>)> Store()
    {
        foreach (var what in new[] { "kept", "damaged", "another key", "no directory" })
            yield return (
                $"a file store, {what}",
                async scene =>
                {
                    using var directory = new TestDirectory();
                    scene.Tokens.Answer = _ => Granted(scene);
                    foreach (var start in new[] { 1, 2 })
                    {
                        var key = Key(scene, what == "another key" ? start : 1);
                        var collection = scene.Services();
                        VkServices(scene, collection)
                            .UseFileStore(o => (o.Directory, o.EncryptionKey) = (directory.Store, key));
                        await using var services = collection.BuildServiceProvider();
                        await scene.UseAsync(services.GetRequiredKeyedService<ITokenProvider>("vk"));
                        await scene.CheckHealthAsync(services);
                        scene.Witness.SeeObject(new FileTokenStoreOptions { EncryptionKey = key });
                        Spoil(what, directory);
                    }
                }
            );

        yield return (
            "a store that throws what it was to write",
            async scene =>
            {
                scene.Tokens.Answer = _ => Granted(scene);
                var collection = scene.Services();
                VkServices(scene, collection).UseStore(_ => new TalkativeStore());
                await using var services = collection.BuildServiceProvider();
                await scene.UseAsync(services.GetRequiredKeyedService<ITokenProvider>("vk"));
                await scene.CheckHealthAsync(services);
            }
        );
    }

    // A second start finds what the first one stored; where no server takes it there is nothing to find, and each start waits anew.
    private static int[] Starts(string what) => what is "not reached" or "no user" or "no role" ? [1] : [1, 2];

    private static string Key(LeakScene scene, int number) => scene.EncryptionKey($"encryption key {number}");

    private static void Spoil(string what, TestDirectory directory)
    {
        if (what == "damaged")
            foreach (var file in Directory.EnumerateFiles(directory.Store))
                File.WriteAllText(file, "damaged");
        if (what == "no directory" && Directory.Exists(directory.Store))
        {
            Directory.Delete(directory.Store, recursive: true);
            File.WriteAllText(directory.Store, "a file in its place");
        }
    }
}
